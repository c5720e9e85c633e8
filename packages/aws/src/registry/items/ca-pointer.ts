import {
  type CaCertificateId,
  parseCaCertificateId,
  parseTenantId,
  type TenantId,
} from '@thingpass/core/names'
import { type Item, openItem, text } from '../attributes.ts'
import { caOfSubjectKey, type ItemKey, ownCaKey } from '../keys.ts'
import { parseDigest } from './ca-claim.ts'

const OWN_KIND = 'own-ca'
const SUBJECT_KIND = 'ca-of-subject'

/** Names a CA of a tenant. */
export type CaPointer = { readonly tenantId: TenantId; readonly caCertificateId: CaCertificateId }

/** Writes which CA this service signs with for a tenant. */
export const encodeOwnCa = (pointer: CaPointer): Item =>
  encode(OWN_KIND, ownCaKey(pointer.tenantId), pointer)

/**
 * Reads which CA this service signs with for a tenant.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeOwnCa(item: Item): CaPointer {
  const read = openItem(item, OWN_KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  read.liesAt(ownCaKey(tenantId))
  return { tenantId, caCertificateId: read.parsed('caCertificateId', parseCaCertificateId) }
}

/** Names a CA by its subject name; `digest` is the name's SHA-256. */
export type CaOfSubject = CaPointer & { readonly digest: string }

/** Writes that a CA has a subject name. */
export const encodeCaOfSubject = ({ digest, ...pointer }: CaOfSubject): Item => ({
  ...encode(SUBJECT_KIND, caOfSubjectKey(digest, pointer.caCertificateId), pointer),
  digest: text(digest),
})

/**
 * Reads that a CA has a subject name.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeCaOfSubject(item: Item): CaOfSubject {
  const read = openItem(item, SUBJECT_KIND)
  const digest = read.parsed('digest', parseDigest)
  const caCertificateId = read.parsed('caCertificateId', parseCaCertificateId)
  read.liesAt(caOfSubjectKey(digest, caCertificateId))
  return { digest, caCertificateId, tenantId: read.parsed('tenantId', parseTenantId) }
}

const encode = (
  kind: string,
  { pk, sk }: ItemKey,
  { tenantId, caCertificateId }: CaPointer,
): Item => ({
  pk: text(pk),
  sk: text(sk),
  kind: text(kind),
  tenantId: text(tenantId),
  caCertificateId: text(caCertificateId),
})
