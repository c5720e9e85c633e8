import type { TenantId } from '@thingpass/core/names'
import type { CaDescription, CaIdentity, CaWrites } from '@thingpass/core/registry-writes/cas'
import { type CaItem, casListing, decodeCa } from '../items/ca.ts'
import { decodeCaOfSubject, decodeOwnCa } from '../items/ca-pointer.ts'
import { decodeCertificateBody } from '../items/certificate-body.ts'
import { caBodyKey, caClaimKey, caKey, ownCaKey } from '../keys.ts'
import type { Registry } from './transaction.ts'

/** Makes the reads of CAs. */
export function caReads(
  registry: Registry,
): Pick<CaWrites, 'getCa' | 'getOwnCa' | 'listCas' | 'listCasOfSubject'> {
  return {
    getCa: (identity) => describeCa(registry, identity),
    getOwnCa: async (tenantId) => {
      const pointer = await readOwnCa(registry, tenantId)
      return pointer && describeCa(registry, pointer)
    },
    listCas: async ({ tenantId, after, ...range }) => {
      const start = after === undefined ? {} : { after: caKey(tenantId, after) }
      const source = { listing: casListing(tenantId) }
      const { items, more } = await registry.list(source, { ...range, ...start })
      return { items: items.map((item) => descriptionOf(decodeCa(item))), more }
    },
    listCasOfSubject: async (digest) => {
      const cas = await readCasOfSubject(registry, digest)
      return cas.map(descriptionOf)
    },
  }
}

const CA_ROWS = { from: 'CA#', to: 'CA$' } as const

/** Reads all CAs with a subject name; `digest` is the name's SHA-256. */
export async function readCasOfSubject(
  registry: Registry,
  digest: string,
): Promise<readonly CaItem[]> {
  const rows = await registry.query(caClaimKey('subject', digest).pk, CA_ROWS)
  const cas = await Promise.all(rows.map((row) => readCa(registry, decodeCaOfSubject(row))))
  return cas.filter((ca) => ca !== undefined)
}

/** Reads a CA of a tenant. */
export async function readCa(
  registry: Registry,
  identity: CaIdentity,
): Promise<CaItem | undefined> {
  const item = await registry.get(caKey(identity.tenantId, identity.caCertificateId))
  return item && decodeCa(item)
}

/** Reads which CA this service signs with for a tenant. */
export async function readOwnCa(registry: Registry, tenantId: TenantId) {
  const item = await registry.get(ownCaKey(tenantId))
  return item && decodeOwnCa(item)
}

async function describeCa(
  registry: Registry,
  identity: CaIdentity,
): Promise<CaDescription | undefined> {
  const bodyKey = caBodyKey(identity.tenantId, identity.caCertificateId)
  const [ca, body] = await Promise.all([readCa(registry, identity), registry.get(bodyKey)])
  if (!ca) return undefined
  return { ...descriptionOf(ca), ...(body && { pem: decodeCertificateBody(body, bodyKey) }) }
}

function descriptionOf({ claims: _claims, own: _own, ...description }: CaItem): CaDescription {
  return description
}
