import type { ListInput, ListPart } from '@thingpass/core/registry-writes/lists'
import type { Outcome } from '@thingpass/core/registry-writes/outcome'
import type { PageInput, PageOf } from '@thingpass/core/registry-writes/page'
import { type Refused, refuse } from './api-error.ts'
import { query } from './members.ts'
import { flag, integer, text } from './shape.ts'

/** Items of a page when the caller does not say. */
const USUAL_PAGE = 100
const LARGEST_PAGE = 250

/** Base64, at most 1024 characters. Source: AWS IoT API model (Marker). */
const TOKEN = text({ longest: 1024, pattern: /^[A-Za-z0-9+/]+={0,2}$/ })
const PAGE_SIZE = integer(1, LARGEST_PAGE)

/** Members of a list in the marker dialect: certificates, policies, role aliases. The answer's member is `nextMarker`. */
export const MARKER_PAGE = {
  pageSize: query(PAGE_SIZE),
  marker: query(TOKEN),
} as const

/** Which way a list of the marker dialect runs, where AWS lets the caller say. */
export const MARKER_ORDER = { ascendingOrder: query(flag(), 'isAscendingOrder') } as const

/** Members of a list in the token dialect: things, types, groups, principals. The answer's member is `nextToken`. */
export const TOKEN_PAGE = {
  maxResults: query(PAGE_SIZE),
  nextToken: query(TOKEN),
} as const

/** Which part of a list is asked for. */
export type PageRequest = {
  readonly size: number | undefined
  /** What an earlier page gave as its token. */
  readonly token: string | undefined
  /** Default true. */
  readonly ascending?: boolean | undefined
}

/** A part of a list, and the token of the next one. */
export type Page<Key extends string> = {
  readonly keys: readonly Key[]
  readonly token: string | undefined
}

/**
 * Takes a page of a list of keys that are in ascending order. A token holds the last key given, so insertions and deletions between two
 * pages neither repeat nor skip what was there all along. Undefined when the token is none of ours.
 */
export function pageOf<Key extends string>(
  keys: readonly Key[],
  request: PageRequest,
): Page<Key> | undefined {
  const { size = USUAL_PAGE, token, ascending = true } = request
  const after = token === undefined ? undefined : decodeToken(token)
  if (token !== undefined && after === undefined) return undefined
  const ordered = ascending ? keys : keys.toReversed()
  const rest = ordered.filter(
    (key) => after === undefined || (ascending ? key > after : key < after),
  )
  const page = rest.slice(0, size)
  const last = page.at(-1)
  return {
    keys: page,
    token: last === undefined || rest.length <= page.length ? undefined : encodeToken(last),
  }
}

/** A list that the registry keeps in pages of its own. */
export type PagedList<Key extends string, Item> = {
  /** Undefined for what is no key of the list: then the token was not made for it. */
  readonly parseKey: (text: unknown) => Key | undefined
  readonly keyOf: (item: Item) => Key
  readonly list: (page: PageInput<Key>) => Promise<PageOf<Item>>
}

/** A page of items and the token of the next one, or that the token sent is none of ours. */
export type ReadPage<Item> =
  | { readonly ok: true; readonly items: readonly Item[]; readonly token: string | undefined }
  | Refused<'InvalidRequestException'>

/** Reads a page from the registry. The token holds the last key given, as in `pageOf`. */
export async function readPage<Key extends string, Item>(
  { size: limit = USUAL_PAGE, token, ascending }: PageRequest,
  { parseKey, keyOf, list }: PagedList<Key, Item>,
): Promise<ReadPage<Item>> {
  const after = token === undefined ? undefined : parseKey(decodeToken(token))
  if (token !== undefined && after === undefined) return INVALID_TOKEN
  const { items, more } = await list({
    limit,
    ...(after === undefined ? {} : { after }),
    ...(ascending === undefined ? {} : { ascending }),
  })
  const last = items.at(-1)
  return {
    ok: true,
    items,
    token: more && last !== undefined ? encodeToken(keyOf(last)) : undefined,
  }
}

type Unread<Conflict extends string> = { readonly ok: false; readonly conflict: Conflict }

/** Reads a part of a list whose places are the registry's own: the token holds what it gave as the place to go on from. */
export async function readPart<Item>(
  request: PageRequest,
  list: (input: ListInput) => Promise<ListPart<Item>>,
): Promise<ReadPage<Item>>
/** The same of a list that may be refused. */
export async function readPart<Item, Conflict extends string>(
  request: PageRequest,
  list: (input: ListInput) => Promise<Outcome<Conflict, ListPart<Item>>>,
): Promise<ReadPage<Item> | Unread<Conflict>>
export async function readPart<Item, Conflict extends string>(
  { size: limit = USUAL_PAGE, token, ascending }: PageRequest,
  list: (input: ListInput) => Promise<ListPart<Item> | Outcome<Conflict, ListPart<Item>>>,
): Promise<ReadPage<Item> | Unread<Conflict>> {
  const after = token === undefined ? undefined : decodeToken(token)
  if (token !== undefined && after === undefined) return INVALID_TOKEN
  const part = await list({
    limit,
    ...(after === undefined ? {} : { after }),
    ...(ascending === undefined ? {} : { ascending }),
  })
  if ('conflict' in part) return part
  const { items, next } = part
  return { ok: true, items, token: next === undefined ? undefined : encodeToken(next) }
}

/** Reads a list to its end; for lists that are short, and for those of one device. */
export async function readWhole<Item, Conflict extends string>(
  list: (input: ListInput) => Promise<Outcome<Conflict, ListPart<Item>>>,
): Promise<readonly Item[] | Unread<Conflict>> {
  const items: Item[] = []
  let after: string | undefined
  do {
    const part = await list({ limit: LARGEST_PAGE, ...(after === undefined ? {} : { after }) })
    if (!part.ok) return part
    items.push(...part.items)
    after = part.next
  } while (after !== undefined)
  return items
}

/** The marker or token is not one that this list has given. */
export const INVALID_TOKEN = refuse('InvalidRequestException', 'The marker is not valid')

/** Writes the token of a place in a list: base64, so that no caller takes it for a name. */
export function encodeToken(key: string): string {
  return Buffer.from(PREFIX + key, 'utf8').toString('base64')
}

/** Reads a token; undefined when it is none of ours. */
export function decodeToken(token: string): string | undefined {
  const decoded = Buffer.from(token, 'base64').toString('utf8')
  const key = decoded.slice(PREFIX.length)
  return decoded.startsWith(PREFIX) && encodeToken(key) === token ? key : undefined
}

/** Tells the tokens of this form from those of a later one. */
const PREFIX = '1 '
