import type { ReadCost } from '@thingpass/core/ports'
import type { Item } from './attributes.ts'
import type { ItemKey } from './keys.ts'
import { batchesOf, createCalls, keyText, type RoundSource } from './read-rounds-calls.ts'

/** Something that has been read; its absence means that it has not. */
export type Read<Value> = { readonly value: Value }

/** All of them, once every one has been read. */
export function allRead<Value>(
  reads: readonly (Read<Value> | undefined)[],
): Read<readonly Value[]> | undefined {
  const present = reads.filter((read) => read !== undefined)
  return present.length === reads.length ? { value: present.map(({ value }) => value) } : undefined
}

/**
 * Reads in rounds: whoever asks for what is not there yet puts it down for the next round, and each round reads all that
 * was put down, in parallel and strongly consistent.
 */
export type RoundReader = {
  /** One item, or `undefined` as its value when there is none. */
  readonly item: (key: ItemKey) => Read<Item | undefined> | undefined
  /** META and POLICY# rows of one partition, by sort key. */
  readonly partition: (pk: string) => Read<readonly Item[]> | undefined
  /**
   * Reads what was put down.
   * @throws {Fault} as `ReadFacts`
   */
  readonly readRound: () => Promise<void>
  /** Forgets everything that was read but single items of one partition. */
  readonly keepOnly: (pk: string) => void
  /** Forgets one item and one partition, which are then read again together. */
  readonly forget: (key: ItemKey, pk: string) => void
  readonly cost: () => ReadCost
}

/** Makes a reader for one request. */
export function createRoundReader(source: RoundSource): RoundReader {
  const items = new Map<string, Read<Item | undefined>>()
  const partitions = new Map<string, Read<readonly Item[]>>()
  const wantedItems = new Map<string, ItemKey>()
  const wantedPartitions = new Set<string>()
  const cost = { rounds: 0, calls: 0, capacityUnits: 0 }
  const call = createCalls(source, cost)

  const readRound = async (): Promise<void> => {
    const keys = [...wantedItems.values()]
    const pks = [...wantedPartitions]
    wantedItems.clear()
    wantedPartitions.clear()
    cost.rounds++
    const [rows, batches] = await Promise.all([
      Promise.all(pks.map(async (pk) => [pk, await call.query(pk)] as const)),
      Promise.all(batchesOf(keys).map((batch) => call.batchGet(batch))),
    ])
    for (const [pk, value] of rows) partitions.set(pk, { value })
    for (const [key, value] of batches.flat()) items.set(key, { value })
  }
  return {
    item: (key) => {
      const found = items.get(keyText(key))
      if (found === undefined) wantedItems.set(keyText(key), key)
      return found
    },
    partition: (pk) => {
      const found = partitions.get(pk)
      if (found === undefined) wantedPartitions.add(pk)
      return found
    },
    readRound,
    keepOnly: (pk) => {
      partitions.clear()
      for (const key of [...items.keys()]) if (!key.startsWith(`${pk} `)) items.delete(key)
    },
    forget: (key, pk) => {
      items.delete(keyText(key))
      partitions.delete(pk)
    },
    cost: () => ({ ...cost }),
  }
}
