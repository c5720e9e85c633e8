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
  dropShards,
  type Generation,
  groupByShard,
  isRevokedIn,
  putShards,
} from './revocation-shards.ts'
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
 * First all rows of a new generation, which count for nothing; then one transaction that makes them count, on condition that
 * the list in force is still the one that was looked at. Rows are deleted only where it is certain that they do not count: never after
 * a fault, for the transaction may have been made. Whoever is interrupted leaves rows that never count, and expire.
 */
async function putRevocationList(registry: Registry, input: Putting) {
  const standing = await standingOf(registry, input)
  if (standing.kind === 'refused') return refuse(standing.conflict).outcome
  // The same list again: no rows are written, and none will be needed.
  if (standing.kind === 'same') {
    return registry.change(async () => (await planPut(registry, input, undefined)).plan)
  }
  const parts = groupByShard(input.list.serialNumbers())
  const generation = {
    keySha256: standing.ca.claims.key,
    generationId: registry.newId(),
    shards: shardSetOf(parts.keys()),
  }
  await putShards(registry, { generation, parts, nextUpdate: input.list.nextUpdate })
  let unneeded: Generation | undefined
  const outcome = await registry.change(async () => {
    const planned = await planPut(registry, input, generation)
    unneeded = planned.unneeded
    return planned.plan
  })
  if (unneeded !== undefined) await dropUnneeded(registry, unneeded)
  return outcome
}

/** What stays behind expires; that it could not be deleted at once must not make a list that is in force look refused. */
async function dropUnneeded(registry: Registry, generation: Generation): Promise<void> {
  try {
    await dropShards(registry, generation)
  } catch {
    return
  }
}
