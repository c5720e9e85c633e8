import type { CertificateFacts } from '@thingpass/core/certificate-facts'
import { type CertificateId, type PolicyName, parseThingName } from '@thingpass/core/names'
import type { ThingRecord } from '@thingpass/core/records'
import { type Refused, refuse } from './api-error.ts'
import { policiesOfTarget, policiesOfThing } from './effective-policies.ts'
import type { OperationContext } from './operation.ts'
import { readWhole } from './pagination.ts'
import { parseHolder, unknownTarget } from './policy-target.ts'
import { readStoredCertificate } from './stored-certificate.ts'

/** Whose authorization is tested: a device, or any device of a group. */
export type TestedDevice = {
  readonly ok: true
  /** Absent for a group: then nothing is known of the certificate. */
  readonly certificate?: CertificateFacts
  /** The thing that an MQTT client of this id acts for, and what its groups give it. */
  readonly thing?: { readonly record: ThingRecord; readonly policyNames: readonly PolicyName[] }
  readonly policyNames: readonly PolicyName[]
}

type DeviceError = Refused<'ResourceNotFoundException' | 'InvalidRequestException'>

/**
 * Reads the principal of a test, with the policies that decide over it. A client id names the thing of an MQTT connection where the certificate
 * is attached to a thing of this name. Source: AWS IoT developer guide, thing-policy-variables.
 */
export async function readTestedDevice(
  { principal, clientId }: { readonly principal: string; readonly clientId: string | undefined },
  context: OperationContext,
): Promise<TestedDevice | DeviceError> {
  const reading = parseHolder(principal, context.arns)
  if (!reading.ok) return reading
  const { target } = reading
  const policyNames = await policiesOfTarget(target, context)
  if (target.kind === 'thing-group') {
    return policyNames === undefined ? unknownTarget(principal) : { ok: true, policyNames }
  }
  const { certificateId } = target
  const stored = await readStoredCertificate(certificateId, context)
  if (!stored.ok) return stored
  const { identified } = stored
  if (!identified.ok) {
    const message = `The certificate cannot be used: ${identified.reason} (id=${certificateId})`
    return refuse('InvalidRequestException', message)
  }
  const { facts: certificate } = identified.certificate
  const device = { ok: true, certificate, policyNames: policyNames ?? [] } as const
  const thing = await readThing({ certificateId, clientId }, context)
  return thing === undefined ? device : { ...device, thing }
}

async function readThing(
  named: { readonly certificateId: CertificateId; readonly clientId: string | undefined },
  context: OperationContext,
): Promise<TestedDevice['thing']> {
  const { registry, tenant } = context
  const { tenantId } = tenant
  const { certificateId } = named
  const thingName = parseThingName(named.clientId)
  if (thingName === undefined) return undefined
  const things = await readWhole((page) =>
    registry.listPrincipalThings({ tenantId, certificateId, ...page }),
  )
  const attached = !('ok' in things) && things.some((each) => each.thingName === thingName)
  if (!attached) return undefined
  const thing = await registry.getThing({ tenantId, thingName })
  const policyNames = await policiesOfThing(thingName, context)
  return thing && { record: thing.record, policyNames: policyNames ?? [] }
}
