import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { number, text } from '../attributes.ts'
import { type CaClaim, decodeCaClaim, encodeCaClaim } from '../items/ca-claim.ts'
import { caClaimKey } from '../keys.ts'
import type { Registry } from './transaction.ts'

/** Reads who has claimed a key or subject name. */
export async function readClaim(
  registry: Registry,
  { of, digest }: Pick<CaClaim, 'of' | 'digest'>,
): Promise<CaClaim | undefined> {
  const item = await registry.get(caClaimKey(of, digest))
  return item && decodeCaClaim(item)
}

/** One CA more holds the claim. */
export const raiseClaim = (
  registry: Registry,
  claim: Omit<CaClaim, 'caCount'>,
  held: CaClaim | undefined,
): TransactWriteItem =>
  held
    ? registry.put(encodeCaClaim({ ...held, caCount: held.caCount + 1 }), asRead(held))
    : registry.put(encodeCaClaim({ ...claim, caCount: 1 }), { missing: true })

/** One CA less holds the claim; the last one gives it up. */
export const lowerClaim = (registry: Registry, held: CaClaim): TransactWriteItem =>
  held.caCount > 1
    ? registry.put(encodeCaClaim({ ...held, caCount: held.caCount - 1 }), asRead(held))
    : registry.remove(caClaimKey(held.of, held.digest), asRead(held))

const asRead = (claim: CaClaim) => ({
  equal: { tenantId: text(claim.tenantId), caCount: number(claim.caCount) },
})
