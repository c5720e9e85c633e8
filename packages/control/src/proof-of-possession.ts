import type { TenantId } from '@thingpass/core/names'
import { type Refused, refuse } from './api-error.ts'
import type { RegistrableCa, RegistrableCertificate } from './certificate-ports.ts'
import type { DeploymentContext } from './operation.ts'

/** Attribute type of a common name. */
const COMMON_NAME = '2.5.4.3'

/** How far a CA's clock may be ahead of ours: a proof is often sent in the second in which it was made. */
const CLOCK_DIFFERENCE_MS = 300_000

/**
 * Why the verification certificate does not show that the tenant has the CA's private key; undefined when it does: the CA's key has signed it
 * in the CA's name, it is valid now, and its only common name is the tenant's registration code, which nobody else could have it signed for.
 * The code stays the same, so a proof can be sent again: the name binds it to CA certificates of one subject, the validity to a time.
 * Source: AWS IoT developer guide, manage-your-CA-certs; name and validity are asked for here only.
 */
export async function refuseUnproven(
  { ca, verificationPem }: { readonly ca: RegistrableCa; readonly verificationPem: string },
  tenantId: TenantId,
  { registry, ports }: DeploymentContext,
): Promise<
  Refused<'CertificateValidationException' | 'RegistrationCodeValidationException'> | undefined
> {
  const parsed = ports.certificates.parseCertificate(verificationPem)
  if (!parsed.ok) return invalid(`is not valid: ${parsed.reason}`)
  const { certificate } = parsed
  if (!certificate.isSignedBy(ca.publicKey)) return invalid('is not signed by the CA')
  // Whoever only has seen a proof cannot register the key again under a name of their own.
  const isOfName = certificate.issuerDerSha256 === ca.subjectDerSha256
  if (!isOfName) return invalid('has another issuer name than the subject of the CA certificate')
  if (!isInForce(certificate, ports.clock())) return invalid('has expired or is not valid yet')
  const code = await registry.getRegistrationCode(tenantId)
  return code !== undefined && isNamed(certificate, code) ? undefined : WRONG_CODE
}

function invalid(what: string) {
  return refuse('CertificateValidationException', `The verification certificate ${what}`)
}

function isInForce({ notBefore, notAfter }: RegistrableCertificate, now: Date): boolean {
  const earliest = now.getTime() + CLOCK_DIFFERENCE_MS
  return notBefore.getTime() <= earliest && now < notAfter
}

const WRONG_CODE = refuse(
  'RegistrationCodeValidationException',
  'The common name of the verification certificate is not the registration code',
)

function isNamed({ subject }: RegistrableCertificate, code: string): boolean {
  const names = subject.filter(({ type }) => type === COMMON_NAME)
  return names.length === 1 && names[0]?.value === code
}
