import { hash } from 'node:crypto'
import type { TenantId } from '@thingpass/core/names'
import {
  type CaSettings,
  MAX_CAS_OF_ONE_SUBJECT,
  type NewCa,
} from '@thingpass/core/registry-writes/cas'
import { type Refused, type Result, refuse, succeed } from './api-error.ts'
import type { RegistrableCa } from './certificate-ports.ts'
import type { DeploymentContext } from './operation.ts'

/** Codes that a registration of a CA can be refused with, but for those of its proof. */
export const REGISTER_CA_ERRORS = [
  'ResourceAlreadyExistsException',
  'CertificateValidationException',
  'LimitExceededException',
] as const

type Code = (typeof REGISTER_CA_ERRORS)[number]

/** How a CA is to be registered. */
export type CaRegistration = CaSettings & { readonly status: 'ACTIVE' | 'INACTIVE' }

/** A CA certificate that may be registered, or why not. */
export type CaReading =
  | { readonly ok: true; readonly ca: RegistrableCa }
  | Refused<'CertificateValidationException'>

/** Reads a CA certificate, root or intermediate, that can still sign. One that is not valid yet will be. */
export function readCa(pem: string, { ports }: DeploymentContext): CaReading {
  const parsed = ports.certificates.parseCa(pem)
  if (!parsed.ok) return invalid(`The CA certificate is not valid: ${parsed.reason}`)
  const lives = ports.clock() < parsed.ca.notAfter
  return lives ? parsed : invalid('The CA certificate has expired')
}

function invalid(message: string): Refused<'CertificateValidationException'> {
  return refuse('CertificateValidationException', message)
}

/** Makes what the registry keeps of a CA. */
export function newCaOf(tenantId: TenantId, ca: RegistrableCa, settings: CaRegistration): NewCa {
  const { caCertificateId, publicKey, subjectDerSha256, pem } = ca
  const { status, certificateMode, autoRegistration } = settings
  return {
    record: { tenantId, caCertificateId, publicKey, status },
    ...{ certificateMode, autoRegistration, pem },
    publicKeySha256: hash('sha256', publicKey, 'hex'),
    subjectSha256: subjectDerSha256,
  }
}

/** Registers a CA, after the caller has seen its proof of possession or that it needs none. */
export async function registerCa(
  newCa: NewCa,
  { registry, arns }: DeploymentContext,
): Promise<Result<Code>> {
  const { caCertificateId } = newCa.record
  const certificateArn = arns.format({ kind: 'ca-certificate', caCertificateId })
  const outcome = await registry.registerCa(newCa)
  if (outcome.ok) return succeed({ certificateArn, certificateId: caCertificateId })
  switch (outcome.conflict) {
    case 'ca-exists':
      return refuse('ResourceAlreadyExistsException', 'The CA certificate is already registered', {
        id: caCertificateId,
        arn: certificateArn,
      })
    case 'ca-of-other-tenant':
    case 'own-ca-exists':
      // No resource: whose key or name it is, is none of this tenant's business.
      return refuse(
        'ResourceAlreadyExistsException',
        'The key or the subject name of the CA certificate is in use',
      )
    case 'too-many-cas-of-subject':
      return refuse(
        'LimitExceededException',
        `At most ${MAX_CAS_OF_ONE_SUBJECT} CA certificates have one subject name`,
      )
  }
}
