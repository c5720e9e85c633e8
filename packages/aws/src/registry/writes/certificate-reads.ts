import type { CaIdentity } from '@thingpass/core/registry-writes/cas'
import type {
  CertificateDescription,
  CertificateIdentity,
  CertificateWrites,
} from '@thingpass/core/registry-writes/certificates'
import { decodeCaCertificate } from '../items/ca-certificate.ts'
import {
  type CertificateItem,
  certificatesListing,
  decodeCertificate,
} from '../items/certificate.ts'
import { decodeCertificateBody } from '../items/certificate-body.ts'
import { caCertificateKey, caKey, certificateBodyKey, certificateKey } from '../keys.ts'
import type { Registry } from './transaction.ts'

/** Makes the reads of device certificates. */
export function certificateReads(
  registry: Registry,
): Pick<CertificateWrites, 'getCertificate' | 'listCertificates' | 'listCertificatesOfCa'> {
  return {
    getCertificate: (identity) => describeCertificate(registry, identity),
    listCertificates: async ({ tenantId, after, ...range }) => {
      const start = after === undefined ? {} : { after: certificateKey(after) }
      const source = { listing: certificatesListing(tenantId) }
      const { items, more } = await registry.list(source, { ...range, ...start })
      return { items: items.map((item) => descriptionOf(decodeCertificate(item))), more }
    },
    listCertificatesOfCa: (input) => listOfCa(registry, input),
  }
}

/** Reads a certificate of a tenant; another tenant's is not there. */
export async function readCertificate(
  registry: Registry,
  { tenantId, certificateId }: CertificateIdentity,
): Promise<CertificateItem | undefined> {
  const item = await registry.get(certificateKey(certificateId))
  const certificate = item && decodeCertificate(item)
  return certificate?.record.tenantId === tenantId ? certificate : undefined
}

async function describeCertificate(
  registry: Registry,
  identity: CertificateIdentity,
): Promise<CertificateDescription | undefined> {
  const bodyKey = certificateBodyKey(identity.certificateId)
  const certificate = await readCertificate(registry, identity)
  if (!certificate) return undefined
  const body = await registry.get(bodyKey)
  const pem = body && decodeCertificateBody(body, bodyKey)
  return { ...descriptionOf(certificate), ...(pem !== undefined && { pem }) }
}

const ROWS = { from: 'CERT#', to: 'CERT$' } as const

/** The rows say which certificates a CA has; what they are now, their own records say. */
async function listOfCa(
  registry: Registry,
  input: Parameters<CertificateWrites['listCertificatesOfCa']>[0],
) {
  const { tenantId, caCertificateId, after, ...range } = input
  const start =
    after === undefined ? {} : { after: caCertificateKey(tenantId, caCertificateId, after) }
  const source = { pk: caKey(tenantId, caCertificateId).pk, ...ROWS }
  const page = await registry.list(source, { ...range, ...start })
  const rows = page.items.map(decodeCaCertificate)
  const read = await Promise.all(rows.map((row) => readCertificate(registry, row)))
  const items = read
    .filter((certificate) => certificate !== undefined)
    .filter((certificate) => isOf(certificate, input))
    .map(descriptionOf)
  return { items, more: page.more }
}

/** A certificate that was deleted while the page was read may be another CA's by now. */
function isOf({ record: { registration } }: CertificateItem, ca: CaIdentity): boolean {
  return registration.kind === 'ca' && registration.caCertificateId === ca.caCertificateId
}

function descriptionOf({
  thingCount: _things,
  policyCount: _policies,
  issuerKeySha256: _issuer,
  ...description
}: CertificateItem): CertificateDescription {
  return description
}
