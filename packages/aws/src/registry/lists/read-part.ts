import type { ListInput, ListPart } from '@thingpass/core/registry-writes/lists'
import type { Item } from '../attributes.ts'
import type { Registry } from '../writes/transaction.ts'
import { rangeKey, type Shelf, type ShelfQuery } from './query-page.ts'

/** A list: what of a shelf it has, and how. */
export type ListSource<Entry> = {
  readonly shelf: Shelf
  /** What all range keys begin with, and no key of the list does. */
  readonly base: string
  /** What all keys of the list begin with. */
  readonly begins?: string
  /** Whether most of what is read may be left out: then all that DynamoDB reads at once is looked at. */
  readonly sifted?: boolean
  /** What the list shows of an item; undefined leaves it out. */
  readonly show: (item: Item) => Entry | undefined | Promise<Entry | undefined>
}

/** The records of one kind that a tenant has, by name: their partitions are called like their listing, and then by it. */
export const listed = (listing: string) =>
  ({ shelf: { of: 'listing', key: listing }, base: `${listing}#` }) as const

/** Queries of one call, each of 1 MB at most: a list that leaves out more than they find goes on with a key instead. */
export const MAX_QUERIES = 4

/** Sorts before every character of a name; a bound cannot be empty. */
const FIRST = ' '
/** Sorts after every character of a name, a path or a kind. */
const LAST = '~'

/** Longest range key of an index. Source: DynamoDB developer guide, constraints. */
const MAX_RANGE_KEY_BYTES = 1024

/** Reads a part of a list. */
export async function readPart<Entry>(
  registry: Registry,
  source: ListSource<Entry>,
  { limit, after, ascending = true }: ListInput,
): Promise<ListPart<Entry>> {
  const bounds = boundsOf(source, { after, ascending })
  if (!bounds) return { items: [] }
  const read: Reading<Entry> = { items: [], last: after, limit }
  let start: Item | undefined
  for (let query = 1; query <= MAX_QUERIES; query += 1) {
    const wanted = source.sifted ? {} : { limit: limit - read.items.length + SPARE }
    const page = await registry.page({ ...bounds, ...wanted, ...(start && { start }) })
    if (await take(read, source, page.items)) return { items: read.items, ...nextOf(read.last) }
    if (page.more === undefined) return { items: read.items }
    start = page.more
  }
  return { items: read.items, ...nextOf(read.last) }
}

/** Beside what is wanted: the item at `after`, which bounds include, and one that shows that the list goes on. */
const SPARE = 2

/** What was read so far: what is shown, and the key of the last item that was looked at. */
type Reading<Entry> = {
  readonly items: Entry[]
  last: string | undefined
  readonly limit: number
}

/** Takes items until there is one too many; true when there was. */
async function take<Entry>(
  read: Reading<Entry>,
  source: ListSource<Entry>,
  items: readonly Item[],
): Promise<boolean> {
  for (const item of items) {
    const key = rangeKey(source.shelf, item).slice(source.base.length)
    const entry = key === read.last ? undefined : await source.show(item)
    if (entry !== undefined && read.items.length === read.limit) return true
    if (entry !== undefined) read.items.push(entry)
    read.last = key
  }
  return false
}

const nextOf = (next: string | undefined) => (next === undefined ? {} : { next })

/** The bounds of what is asked for; undefined when nothing can lie within them. */
function boundsOf<Entry>(
  { shelf, base, begins = '' }: ListSource<Entry>,
  { after, ascending }: { readonly after: string | undefined; readonly ascending: boolean },
): ShelfQuery | undefined {
  const first = Buffer.from(base + begins || FIRST)
  const end = Buffer.from(base + begins + LAST)
  const place = after === undefined ? undefined : Buffer.from(base + after)
  const from = ascending && place ? later(first, place) : first
  const to = !ascending && place ? earlier(end, place) : end
  const holds = Buffer.compare(from, to) <= 0 && to.length <= MAX_RANGE_KEY_BYTES
  return holds && from.length <= MAX_RANGE_KEY_BYTES
    ? { shelf, from: from.toString(), to: to.toString(), ascending }
    : undefined
}

const later = (one: Buffer, other: Buffer): Buffer => (Buffer.compare(one, other) < 0 ? other : one)
const earlier = (one: Buffer, other: Buffer): Buffer =>
  Buffer.compare(one, other) < 0 ? one : other
