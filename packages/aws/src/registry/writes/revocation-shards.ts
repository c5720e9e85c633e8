import { Fault } from '@thingpass/core/fault'
import {
  LONGEST_GRACE_SECONDS,
  type NewRevocationList,
} from '@thingpass/core/registry-writes/revocation-lists'
import type { RevocationListItem } from '../items/revocation-list.ts'
import { encodeRevocationShard, shardOf, shardsOf } from '../items/revocation-shard.ts'
import { revocationShardKey } from '../keys.ts'
import { isNamed } from '../read-facts-revocation.ts'
import type { Registry } from './transaction.ts'

/** Rows of one upload: whose key, which upload, which shards. */
export type Generation = Pick<RevocationListItem, 'keySha256' | 'generationId' | 'shards'>

/** Serial numbers by their shard. */
export type SerialsByShard = ReadonlyMap<string, readonly string[]>

/** Sorts serial numbers into their shards. */
export function groupByShard(serialNumbers: Iterable<string>): SerialsByShard {
  const groups = new Map<string, string[]>()
  for (const serialNumber of serialNumbers) {
    const shard = shardOf(serialNumber)
    const group = groups.get(shard)
    if (group === undefined) groups.set(shard, [serialNumber])
    else group.push(serialNumber)
  }
  return groups
}

/** Beyond the last instant at which the list could count, however its grace is changed: clocks and DynamoDB's deletion are not exact. */
const EXPIRY_MARGIN_SECONDS = 86_400

/** 9999-12-31T23:59:59Z, the last instant of X.509. Source: RFC 5280 §4.1.2.5. */
const LAST_SECOND = 253_402_300_799

/**
 * Writes all rows of a generation. Rows expire only when their list has expired even with the longest grace: from then on it refuses every
 * certificate, so that no deletion can turn a revoked one good.
 */
export function putShards(
  registry: Registry,
  {
    generation: { keySha256, generationId },
    parts,
    nextUpdate,
  }: {
    readonly generation: Generation
    readonly parts: SerialsByShard
    readonly nextUpdate: NewRevocationList['nextUpdate']
  },
): Promise<void> {
  const end = nextUpdate.getTime() / 1000 + LONGEST_GRACE_SECONDS + EXPIRY_MARGIN_SECONDS
  const expiresAt = new Date(Math.min(end, LAST_SECOND) * 1000)
  return registry.putMany(
    [...parts].map(([shard, serialNumbers]) =>
      encodeRevocationShard({ keySha256, shard, generationId, serialNumbers, expiresAt }),
    ),
  )
}

/** Deletes all rows of a generation that does not count. */
export function dropShards(
  registry: Registry,
  { keySha256, generationId, shards }: Generation,
): Promise<void> {
  return registry.dropMany(
    shardsOf(shards).map((shard) => revocationShardKey(keySha256, shard, generationId)),
  )
}

/**
 * Whether the list in force names a serial number. Where the list was replaced between the two reads, its rows may be gone: a fault then, and never
 * a "no".
 * @throws {Fault} REGISTRY_INCONSISTENT
 */
export async function isRevokedIn(
  registry: Registry,
  list: Generation,
  serialNumber: string,
): Promise<boolean> {
  const { keySha256, generationId } = list
  const row = await registry.get(revocationShardKey(keySha256, shardOf(serialNumber), generationId))
  const revoked = isNamed(list, row ? [row] : [], serialNumber)
  if (revoked !== undefined) return revoked
  const what = `the revocation list of CA key ${keySha256} lacks shard ${shardOf(serialNumber)}`
  throw new Fault('REGISTRY_INCONSISTENT', what)
}
