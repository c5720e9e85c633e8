import type { Collection, FleetRecord } from './fleet-record.ts'

/** One record that is there to be read. */
export type Entry = {
  /** As `keyOf` calls the record. */
  readonly key: string
  /** Reads the rest of it; asked only for what is not done yet. */
  readonly load: () => Promise<FleetRecord>
}

/** A part of a collection. All of a page is dealt with before the next one is read. */
export type EntryPage = {
  readonly entries: readonly Entry[]
  /** Where a later run can go on behind this page; absent at the end, and where a collection is read whole each time. */
  readonly next?: string
}

/** Reads one collection, from its beginning or from a cursor of an earlier page. */
export type ReadCollection = (cursor?: string) => AsyncIterable<EntryPage>

/** A fleet to read: AWS IoT, a tenant here, or a file. */
export type FleetReader = Readonly<Record<Collection, ReadCollection>>

/** Takes over a call of a service: paced, and tried again where that may help. */
export type Call = <Output>(work: () => Promise<Output>) => Promise<Output>

/** One page of a listing of AWS's. */
export type Listing<Item> = { readonly items: readonly Item[]; readonly next: string | undefined }

/** Follows the tokens of a listing to its end. */
export async function* listAll<Item>(
  list: (token: string | undefined) => Promise<Listing<Item>>,
  from?: string,
): AsyncGenerator<Listing<Item>> {
  let token = from
  do {
    const page = await list(token)
    yield page
    token = page.next
  } while (token !== undefined)
}

/** All items of a listing. */
export async function gather<Item>(
  list: (token: string | undefined) => Promise<Listing<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const page of listAll(list)) items.push(...page.items)
  return items
}

/** A page of records that are read already. */
export function pageOf(
  records: readonly { readonly key: string; readonly record: FleetRecord }[],
  next?: string,
): EntryPage {
  const entries = records.map(({ key, record }) => ({ key, load: async () => record }))
  return { entries, ...(next === undefined ? {} : { next }) }
}
