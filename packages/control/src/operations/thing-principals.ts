import type { CertificateId } from '@thingpass/core/names'
import { type Refused, refuse, succeed } from '../api-error.ts'
import type { Arns } from '../arn.ts'
import { ARN, THING_NAME } from '../fields.ts'
import { header, label, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { oneOf } from '../shape.ts'
import { unknownCertificate } from './certificates.ts'
import { unknownThing } from './things.ts'

/** ARN of a certificate, in a header. */
export const PRINCIPAL = header(ARN, 'x-amzn-principal')

/** How a certificate is attached. */
export const THING_PRINCIPAL_TYPE = oneOf(['EXCLUSIVE_THING', 'NON_EXCLUSIVE_THING'])

const attachThingPrincipal = defineOperation({
  name: 'AttachThingPrincipal',
  method: 'PUT',
  path: '/things/{thingName}/principals',
  input: {
    thingName: label(THING_NAME),
    principal: PRINCIPAL,
    thingPrincipalType: query(THING_PRINCIPAL_TYPE),
  },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingName, principal, thingPrincipalType }, { registry, arns, tenant }) => {
    const reading = parsePrincipal(principal, arns)
    if (!reading.ok) return reading
    const { certificateId } = reading
    const { tenantId } = tenant
    const exclusive = thingPrincipalType === 'EXCLUSIVE_THING'
    const outcome = await registry.attachThing({ tenantId, certificateId, thingName, exclusive })
    if (outcome.ok) return succeed()
    switch (outcome.conflict) {
      case 'certificate-unknown':
        return unknownCertificate(certificateId)
      case 'thing-unknown':
        return unknownThing(thingName)
      default:
        return refuse('InvalidRequestException', EXCLUSIVITY[outcome.conflict])
    }
  },
})

/** AWS's code and words for these are not known. */
const EXCLUSIVITY = {
  'certificate-exclusive': 'The principal is attached to a thing as its EXCLUSIVE_THING',
  'certificate-has-other-things':
    'The principal cannot be attached as EXCLUSIVE_THING: it is attached to another thing',
} as const

const detachThingPrincipal = defineOperation({
  name: 'DetachThingPrincipal',
  method: 'DELETE',
  path: '/things/{thingName}/principals',
  input: { thingName: label(THING_NAME), principal: PRINCIPAL },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingName, principal }, { registry, arns, tenant }) => {
    const reading = parsePrincipal(principal, arns)
    if (!reading.ok) return reading
    const { certificateId } = reading
    const { tenantId } = tenant
    const outcome = await registry.detachThing({ tenantId, certificateId, thingName })
    if (outcome.ok) return succeed()
    return outcome.conflict === 'thing-unknown'
      ? unknownThing(thingName)
      : unknownCertificate(certificateId)
  },
})

/** Attachments of certificates to things. */
export const THING_PRINCIPAL_OPERATIONS = [attachThingPrincipal, detachThingPrincipal]

type PrincipalReading =
  | { readonly ok: true; readonly certificateId: CertificateId }
  | Refused<'InvalidRequestException'>

/** Reads the ARN of a certificate: no other principal exists here. */
export function parsePrincipal(arn: string, arns: Arns): PrincipalReading {
  const reading = arns.parse(arn)
  if (!reading.ok) return refuse('InvalidRequestException', reading.problem)
  const { resource } = reading
  return resource.kind === 'certificate'
    ? { ok: true, certificateId: resource.certificateId }
    : refuse('InvalidRequestException', 'The given ARN does not represent a cert')
}
