import type { CaIdentity } from '@thingpass/core/registry-writes/cas'
import type {
  RevocationListDescription,
  RevocationListWrites,
} from '@thingpass/core/registry-writes/revocation-lists'
import type { RevocationListItem } from '../items/revocation-list.ts'
import { shardSetOf } from '../items/revocation-shard.ts'
import { readCa } from './ca-reads.ts'
import { refuse } from './plan.ts'
import { type Putting, planPut, readRevocationList, standingOf } from './revocation-list-plans.ts'
import {
  areStorable,
  type Generation,
  groupByShard,
  isRevokedIn,
  putShards,
  type SerialsByShard,
} from './revocation-shards.ts'
import { abandonUpload, beginUpload, endUpload } from './revocation-uploads.ts'
import type { Registry } from './transaction.ts'

/** Makes the changes of revocation lists. */
export function revocationListWrites(registry: Registry): RevocationListWrites {
  const listOf = async (identity: CaIdentity) => {
    const ca = await readCa(registry, identity)
    return ca && { list: await readRevocationList(registry, ca.claims.key) }
  }
  return {
    putRevocationList: (input) => putRevocationList(registry, input),
    getRevocationList: async (identity) => {
      const found = await listOf(identity)
      if (!found) return refuse('ca-unknown').outcome
      return { ok: true, list: found.list && descriptionOf(found.list) }
    },
    isRevoked: async ({ serialNumber, ...identity }) => {
      const found = await listOf(identity)
      if (!found) return refuse('ca-unknown').outcome
      const { list } = found
      return { ok: true, revoked: list && (await isRevokedIn(registry, list, serialNumber)) }
    },
  }
}

function descriptionOf(item: RevocationListItem): RevocationListDescription {
  const { thisUpdate, nextUpdate, graceSeconds, entryCount, sha256, putAt } = item
  return { number: item.number, thisUpdate, nextUpdate, graceSeconds, entryCount, sha256, putAt }
}

/**
 * First all rows of a new generation, which count for nothing; then one transaction that makes them count, on condition that the list in force is still
 * the one that was looked at. One upload of a key at a time, which is on record with its generation before its first row: so each deletes what was left by
 * one that was interrupted, and no more than three rows of a shard lie about.
 */
async function putRevocationList(registry: Registry, input: Putting) {
  const standing = await standingOf(registry, input)
  if (standing.kind === 'refused') return refuse(standing.conflict).outcome
  // The same list again: no rows are written, and none will be needed.
  if (standing.kind === 'same') return registry.change(() => planPut(registry, input, undefined))
  const parts = groupByShard(input.list.serialNumbers())
  if (!areStorable(parts)) return refuse('list-of-one-shard').outcome
  const generation = {
    keySha256: standing.ca.claims.key,
    generationId: registry.newId(),
    shards: shardSetOf(parts.keys()),
  }
  return upload(registry, { input, parts, generation })
}

async function upload(
  registry: Registry,
  {
    input,
    parts,
    generation,
  }: {
    readonly input: Putting
    readonly parts: SerialsByShard
    readonly generation: Generation
  },
) {
  try {
    if (!(await beginUpload(registry, generation))) return refuse('list-being-put').outcome
    await putShards(registry, { generation, parts, nextUpdate: input.list.nextUpdate })
    const outcome = await registry.change(() => planPut(registry, input, generation))
    await endUpload(registry, generation)
    return outcome
  } catch (thrown) {
    await abandonUpload(registry, generation)
    throw thrown
  }
}
