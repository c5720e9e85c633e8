import { parseTenantId, type TenantId } from '@thingpass/core/names'
import { MAX_CAS_OF_ONE_SUBJECT } from '@thingpass/core/registry-writes/cas'
import { type Item, number, openItem, text } from '../attributes.ts'
import { caClaimKey } from '../keys.ts'

const KIND = 'ca-claim'

/** One tenant's claim to a CA's key or subject name, with how many of its CAs hold it. */
export type CaClaim = {
  readonly of: 'key' | 'subject'
  /** SHA-256 of the SubjectPublicKeyInfo or of the name, lower-case hex. */
  readonly digest: string
  readonly tenantId: TenantId
  readonly caCount: number
}

/** Writes a claim as an item. */
export function encodeCaClaim(claim: CaClaim): Item {
  const { pk, sk } = caClaimKey(claim.of, claim.digest)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    of: text(claim.of),
    digest: text(claim.digest),
    tenantId: text(claim.tenantId),
    caCount: number(claim.caCount),
  }
}

/**
 * Reads a claim.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeCaClaim(item: Item): CaClaim {
  const read = openItem(item, KIND)
  const of = read.oneOf('of', ['key', 'subject'])
  const digest = read.parsed('digest', parseDigest)
  read.liesAt(caClaimKey(of, digest))
  const tenantId = read.parsed('tenantId', parseTenantId)
  const max = of === 'subject' ? MAX_CAS_OF_ONE_SUBJECT : undefined
  return { of, digest, tenantId, caCount: read.integer('caCount', 1, max) }
}

const SHA256 = /^[0-9a-f]{64}$/

/** Parses a SHA-256 as lower-case hex. */
export const parseDigest = (value: unknown): string | undefined =>
  typeof value === 'string' && SHA256.test(value) ? value : undefined
