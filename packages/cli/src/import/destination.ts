import type { Finding } from './finding.ts'
import type { FleetRecord } from './fleet-record.ts'

/** What a write came to: there was nothing of it before, or all of it. */
export type Written = 'created' | 'already'

/** Writes one record, whatever of it is there; done again, it changes nothing. Rejects with what the control plane refused with. */
export type WriteRecord = (record: FleetRecord) => Promise<Written>

/** One collection of the tenant that is written to, as it stood when it was opened. */
export type Destination = {
  /** Keys of what is there, as `keyOf` makes them. */
  readonly known: ReadonlySet<string>
  readonly write: WriteRecord
  /** What a record's owner has to know of how it is written here. */
  readonly findings?: (record: FleetRecord) => readonly Finding[]
}

/** Opens a collection; reads, and writes nothing. */
export type OpenDestination = () => Promise<Destination>

/** A write that ends with success, told apart by whether the record was known before. */
export function createUnlessKnown<Item extends FleetRecord>(
  known: ReadonlySet<string>,
  key: (record: Item) => string,
  write: (record: Item) => Promise<unknown>,
): Destination {
  return {
    known,
    write: async (record) => {
      const item = record as Item
      await write(item)
      return known.has(key(item)) ? 'already' : 'created'
    },
  }
}

/** Tags as AWS's API takes them; undefined for none. */
export function tagList(tags: Readonly<Record<string, string>>) {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  return list.length === 0 ? undefined : list
}
