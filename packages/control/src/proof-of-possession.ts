import type { TenantId } from '@thingpass/core/names'
import { type Refused, refuse } from './api-error.ts'
import type { RegistrableCa, RegistrableCertificate } from './certificate-ports.ts'
import type { DeploymentContext } from './operation.ts'

/** Attribute type of a common name. */
const COMMON_NAME = '2.5.4.3'

/**
 * Why the verification certificate does not show that the tenant has the CA's private key; undefined when it does: the CA's key has signed it,
 * and its only common name is the tenant's registration code, which nobody else could have it signed for.
 * Source: AWS IoT developer guide, manage-your-CA-certs.
 */
export async function refuseUnproven(
  { ca, verificationPem }: { readonly ca: RegistrableCa; readonly verificationPem: string },
  tenantId: TenantId,
  { registry, ports }: DeploymentContext,
): Promise<
  Refused<'CertificateValidationException' | 'RegistrationCodeValidationException'> | undefined
> {
  const parsed = ports.certificates.parseCertificate(verificationPem)
  if (!parsed.ok) {
    const message = `The verification certificate is not valid: ${parsed.reason}`
    return refuse('CertificateValidationException', message)
  }
  if (!parsed.certificate.isSignedBy(ca.publicKey)) {
    const message = 'The verification certificate is not signed by the CA'
    return refuse('CertificateValidationException', message)
  }
  const code = await registry.getRegistrationCode(tenantId)
  return code !== undefined && isNamed(parsed.certificate, code) ? undefined : WRONG_CODE
}

const WRONG_CODE = refuse(
  'RegistrationCodeValidationException',
  'The common name of the verification certificate is not the registration code',
)

function isNamed({ subject }: RegistrableCertificate, code: string): boolean {
  const names = subject.filter(({ type }) => type === COMMON_NAME)
  return names.length === 1 && names[0]?.value === code
}
