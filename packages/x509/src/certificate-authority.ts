import { Fault } from '@thingpass/core/fault'
import type { TenantId } from '@thingpass/core/names'
import type { Clock } from '@thingpass/core/ports'
import type { OpenTenantSigner, TenantSigner } from '@thingpass/core/tenant-signer'
import { parseCaCertificate } from './ca-certificate.ts'
import type { CertificateRequest } from './certificate-request.ts'
import { EXTENSION, keyIdOf, makeCertificate, nameDer } from './make-certificate.ts'
import { pemOfDer } from './pem.ts'
import { type ReadCertificate, readCertificate } from './read-certificate.ts'
import { parseRegistrableCertificate } from './registrable-certificate.ts'

/** What a certificate authority is made with. */
export type CertificateAuthorityParts = {
  readonly openSigner: OpenTenantSigner
  readonly clock: Clock
  /** Random octets that nobody can foresee. */
  readonly randomBytes: (octets: number) => Uint8Array
}

/** Makes the certificates that this service signs for tenants. All are PEM; undefined where it signs nothing for the tenant. */
export type CertificateAuthority = {
  readonly makeCaCertificate: (tenantId: TenantId) => Promise<string | undefined>
  readonly issue: (
    tenantId: TenantId,
    caPem: string,
    request: CertificateRequest,
  ) => Promise<string | undefined>
}

/** Source: AWS IoT API reference, CreateKeysAndCertificate. The CA's certificate ends with those that it signs. */
const NOT_AFTER = new Date('2049-12-31T23:59:59Z')
/** A device's clock may be a little behind. */
const BACKDATING_MS = 5 * 60 * 1000
const DEVICE_SUBJECT = nameDer([['CN', 'Thingpass Certificate']])

/** Makes a certificate authority over the tenants' keys. */
export function createCertificateAuthority(parts: CertificateAuthorityParts): CertificateAuthority {
  return {
    makeCaCertificate: async (tenantId) => {
      const signer = await parts.openSigner(tenantId)
      if (signer === undefined) return undefined
      const made = await makeCa(parts, tenantId, signer)
      const parsed = parseCaCertificate(made)
      if (parsed.ok && parsed.ca.isSignedBy(signer.publicKey)) return made
      throw unusable(tenantId)
    },
    issue: async (tenantId, caPem, request) => {
      const ca = readCertificate(caPem)
      if (!ca.ok) throw new Fault('REGISTRY_UNREADABLE', `own CA certificate of ${tenantId}`)
      const signer = await parts.openSigner(tenantId)
      if (signer === undefined) return undefined
      const { sign } = signer
      const made = await makeDevice(parts, { ca: ca.certificate, request, sign })
      const device = parseRegistrableCertificate(made)
      // Not the signer's key: the one that devices are judged by. It differs where a key was lost and made again.
      const holds = device.ok && device.certificate.isSignedBy(ca.certificate.publicKeyDer)
      if (holds) return made
      throw unusable(tenantId)
    },
  }
}

function unusable(tenantId: TenantId): Fault {
  return new Fault(
    'CONFIGURATION_INVALID',
    `what the signing key of ${tenantId} signs does not verify`,
  )
}

/** Part of the key in the name: nobody can register a CA of that name before it exists. */
async function makeCa(
  parts: CertificateAuthorityParts,
  tenantId: TenantId,
  { publicKey, sign }: TenantSigner,
): Promise<string> {
  const name = nameDer([
    ['O', 'Thingpass'],
    ['OU', tenantId],
    ['CN', `Thingpass CA ${keyIdOf(publicKey).toString('hex')}`],
  ])
  const der = await makeCertificate(
    {
      ...{ ...frame(parts), issuer: name, subject: name, publicKey },
      extensions: [
        EXTENSION.basicConstraints({ pathLength: 0 }),
        EXTENSION.keyUsage('keyCertSign and cRLSign'),
        EXTENSION.subjectKeyId(publicKey),
      ],
    },
    sign,
  )
  return pemOfDer(der)
}

async function makeDevice(
  parts: CertificateAuthorityParts,
  {
    ca,
    request,
    sign,
  }: {
    readonly ca: Pick<ReadCertificate, 'subjectDer' | 'publicKeyDer'>
    readonly request: CertificateRequest
    readonly sign: TenantSigner['sign']
  },
): Promise<string> {
  const { publicKey, subject = DEVICE_SUBJECT } = request
  const der = await makeCertificate(
    {
      ...{ ...frame(parts), issuer: ca.subjectDer, subject, publicKey },
      extensions: [
        EXTENSION.basicConstraints(false),
        EXTENSION.keyUsage('digitalSignature'),
        EXTENSION.clientAuthentication(),
        EXTENSION.subjectKeyId(publicKey),
        EXTENSION.authorityKeyId(ca.publicKeyDer),
      ],
    },
    sign,
  )
  return pemOfDer(der)
}

const SERIAL_OCTETS = 19

/** What all certificates have: a serial number of 152 random bits, and their time. */
function frame({ clock, randomBytes }: CertificateAuthorityParts) {
  return {
    // Its first octet makes it positive, without a leading zero.
    serialNumber: Buffer.concat([FIRST_OCTET, randomBytes(SERIAL_OCTETS)]),
    notBefore: new Date(clock().getTime() - BACKDATING_MS),
    notAfter: NOT_AFTER,
  }
}

const FIRST_OCTET = Buffer.from([0x40])
