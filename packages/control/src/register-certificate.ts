import type { CertificateStatus, Registration } from '@thingpass/core/records'
import { type Refused, refuse } from './api-error.ts'
import type { RegistrableCertificate } from './certificate-ports.ts'
import type { OperationContext } from './operation.ts'

/** What the caller learns of a certificate that was registered. */
export type CertificateNames = { readonly certificateArn: string; readonly certificateId: string }

/** A certificate that was registered, or why it was not. */
export type CertificateRegistration =
  | { readonly ok: true; readonly names: CertificateNames }
  | Refused<
      | 'ResourceAlreadyExistsException'
      | 'CertificateStateException'
      | 'CertificateValidationException'
    >

/** Source of the words: moto, as measured on AWS (ministackorg/ministack#1381). */
const EXISTS = 'The certificate is already provisioned or registered'

/** Registers a certificate, after the caller has seen its CA's signature or that it needs none. */
export async function registerCertificate(
  input: {
    readonly certificate: Pick<RegistrableCertificate, 'certificateId' | 'pem'>
    readonly registration: Registration
    readonly status: CertificateStatus
    /** What the revocation list of its CA is searched for. */
    readonly serialNumber?: string
  },
  { registry, tenant, arns }: OperationContext,
): Promise<CertificateRegistration> {
  const { certificate, registration, status, serialNumber } = input
  const { certificateId, pem } = certificate
  const { tenantId } = tenant
  const certificateArn = arns.format({ kind: 'certificate', certificateId })
  const named = serialNumber === undefined ? {} : { serialNumber }
  const fresh = { tenantId, certificateId, pem, registration, status, ...named }
  const outcome = await registry.registerCertificate(fresh)
  if (outcome.ok) return { ok: true, names: { certificateArn, certificateId } }
  switch (outcome.conflict) {
    case 'certificate-exists':
      return refuse('ResourceAlreadyExistsException', EXISTS, {
        id: certificateId,
        arn: certificateArn,
      })
    case 'certificate-of-other-tenant':
      // No resource: whose it is, and where, is none of this tenant's business.
      return refuse('ResourceAlreadyExistsException', EXISTS)
    case 'ca-unknown':
      return refuse('CertificateValidationException', 'The CA certificate is not registered')
    case 'certificate-revoked-by-ca':
      return refuse('CertificateStateException', 'The CA has revoked the certificate')
    case 'ca-inactive':
      return refuse('CertificateStateException', 'The CA certificate is not active')
  }
}
