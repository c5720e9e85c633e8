import type { CertificateStatus } from '@thingpass/core/records'
import type { CaDescription } from '@thingpass/core/registry-writes/cas'
import { type Refused, refuse, succeed } from '../api-error.ts'
import { CERTIFICATE_PEM, CERTIFICATE_STATUS } from '../certificate-fields.ts'
import type { RegistrableCertificate } from '../certificate-ports.ts'
import { body, needed, query } from '../members.ts'
import { defineOperation, type OperationContext } from '../operation.ts'
import { registerCertificate } from '../register-certificate.ts'
import { flag } from '../shape.ts'

const registerUnderCa = defineOperation({
  name: 'RegisterCertificate',
  method: 'POST',
  path: '/certificate/register',
  input: {
    certificatePem: needed(body(CERTIFICATE_PEM)),
    caCertificatePem: body(CERTIFICATE_PEM),
    setAsActive: query(flag()),
    status: body(CERTIFICATE_STATUS),
  },
  errors: [
    'ResourceAlreadyExistsException',
    'CertificateStateException',
    'CertificateValidationException',
    'CertificateConflictException',
  ],
  run: async ({ certificatePem, caCertificatePem, ...wanted }, context) => {
    const chosen = statusOf(wanted)
    if (!chosen.ok) return chosen
    const read = readCertificate(certificatePem, context)
    if (!read.ok) return read
    const { certificate } = read
    const found = await findCa(certificate, caCertificatePem, context)
    if (!found.ok) return found
    if (!certificate.isSignedBy(found.ca.record.publicKey)) return UNSIGNED
    const { caCertificateId } = found.ca.record
    const registration = { kind: 'ca', caCertificateId } as const
    // What the data plane refuses as a certificate at all is on no list.
    const identified = context.ports.identifyCertificate(certificate.pem)
    const named = identified.ok ? { serialNumber: identified.certificate.facts.serialNumber } : {}
    return registered({ certificate, registration, status: chosen.status, ...named }, context)
  },
})

const registerWithoutCa = defineOperation({
  name: 'RegisterCertificateWithoutCA',
  method: 'POST',
  path: '/certificate/register-no-ca',
  input: {
    certificatePem: needed(body(CERTIFICATE_PEM)),
    status: body(CERTIFICATE_STATUS),
  },
  errors: [
    'ResourceAlreadyExistsException',
    'CertificateStateException',
    'CertificateValidationException',
  ],
  run: async ({ certificatePem, status }, context) => {
    const { tenant } = context
    if (!tenant.certificatesWithoutCa) {
      const message = `Tenant ${tenant.tenantId} may not register certificates without a CA`
      return refuse('InvalidRequestException', message)
    }
    const chosen = statusOf({ status, setAsActive: undefined })
    if (!chosen.ok) return chosen
    const read = readCertificate(certificatePem, context)
    if (!read.ok) return read
    const { certificate } = read
    const signer = await signerOf(certificate, context)
    if (signer !== undefined) {
      return signer.record.tenantId === tenant.tenantId ? ofOwnCa(signer) : OF_UNKNOWN_CA
    }
    const registration = { kind: 'without-ca' } as const
    return registered({ certificate, registration, status: chosen.status }, context)
  },
})

/** Registrations of device certificates that others have signed. */
export const REGISTER_CERTIFICATE_OPERATIONS = [registerUnderCa, registerWithoutCa]

async function registered(
  input: Parameters<typeof registerCertificate>[0],
  context: OperationContext,
) {
  const outcome = await registerCertificate(input, context)
  return outcome.ok ? succeed(outcome.names) : outcome
}

/** Statuses that a certificate may be registered with; the others are AWS's own, or deprecated. */
const REGISTRABLE: readonly CertificateStatus[] = ['ACTIVE', 'INACTIVE', 'REVOKED']

type StatusChoice =
  | { readonly ok: true; readonly status: CertificateStatus }
  | Refused<'CertificateStateException' | 'InvalidRequestException'>

/** `setAsActive` is the older member; without either a certificate is registered INACTIVE. Source: AWS IoT API reference, RegisterCertificate. */
function statusOf({
  status,
  setAsActive,
}: {
  readonly status: CertificateStatus | undefined
  readonly setAsActive: boolean | undefined
}): StatusChoice {
  const chosen = status ?? (setAsActive === true ? 'ACTIVE' : 'INACTIVE')
  if (!REGISTRABLE.includes(chosen)) {
    const message = `Not allowed to register certificate with ${chosen} status`
    return refuse('CertificateStateException', message)
  }
  const agree = setAsActive === undefined || setAsActive === (chosen === 'ACTIVE')
  return agree
    ? { ok: true, status: chosen }
    : refuse('InvalidRequestException', 'setAsActive and status contradict each other')
}

type CertificateReading =
  | { readonly ok: true; readonly certificate: RegistrableCertificate }
  | Refused<'CertificateValidationException'>

/** A certificate that can never be used is not registered. One that is not valid yet will be. */
function readCertificate(pem: string, { ports }: OperationContext): CertificateReading {
  const parsed = ports.certificates.parseCertificate(pem)
  if (!parsed.ok) return invalid(`The certificate is not valid: ${parsed.reason}`)
  const lives = ports.clock() < parsed.certificate.notAfter
  return lives ? parsed : invalid('The certificate has expired')
}

type CaFinding =
  | { readonly ok: true; readonly ca: CaDescription }
  | Refused<'CertificateValidationException' | 'CertificateConflictException'>

/**
 * The registered CA of this tenant that the certificate is to stand under: the one whose certificate was sent along, else the only one with
 * the issuer's name. The name finds the CA and proves nothing. Another tenant's CA is as unknown as one that nobody has.
 */
async function findCa(
  certificate: RegistrableCertificate,
  caPem: string | undefined,
  { registry, tenant, ports }: OperationContext,
): Promise<CaFinding> {
  const { tenantId } = tenant
  if (caPem !== undefined) {
    const parsed = ports.certificates.parseCa(caPem)
    if (!parsed.ok) return invalid(`The CA certificate is not valid: ${parsed.reason}`)
    const { caCertificateId } = parsed.ca
    const ca = await registry.getCa({ tenantId, caCertificateId })
    return ca === undefined ? OF_UNKNOWN_CA : { ok: true, ca }
  }
  const named = await registry.listCasOfSubject(certificate.issuerDerSha256)
  const [ca, ...others] = named.filter(({ record }) => record.tenantId === tenantId)
  if (others.length > 0) return AMBIGUOUS
  return ca === undefined ? OF_UNKNOWN_CA : { ok: true, ca }
}

/**
 * The registered CA of the deployment, whoever has it and whatever its status, whose key has signed the certificate. Another tenant's CA has
 * the certificate for its tenant to register; one's own must have it stand under it, or its revocation list would not speak of it.
 */
async function signerOf(
  certificate: RegistrableCertificate,
  { registry }: OperationContext,
): Promise<CaDescription | undefined> {
  const named = await registry.listCasOfSubject(certificate.issuerDerSha256)
  return named.find(({ record }) => certificate.isSignedBy(record.publicKey))
}

function ofOwnCa({ record }: CaDescription) {
  const { caCertificateId } = record
  return invalid(
    `The certificate is signed by a registered CA certificate: register it under that (RegisterCertificate). Id: ${caCertificateId}`,
  )
}

function invalid(message: string) {
  return refuse('CertificateValidationException', message)
}

const OF_UNKNOWN_CA = invalid('The CA certificate is not registered')
const UNSIGNED = invalid('The certificate is not signed by the CA')
const AMBIGUOUS = refuse(
  'CertificateConflictException',
  'More than one CA certificate has the name of the issuer: send the CA certificate that signed',
)
