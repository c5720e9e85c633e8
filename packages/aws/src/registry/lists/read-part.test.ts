import { Fault } from '@thingpass/core/fault'
import { describe, expect, test } from 'vitest'
import { type Item, text } from '../attributes.ts'
import type { Registry } from '../writes/transaction.ts'
import type { ShelfPage, ShelfQuery } from './query-page.ts'
import { type ListSource, MAX_QUERIES, readPart } from './read-part.ts'

const BASE = 'TENANT#acme#THING#'

/** A shelf in memory that gives so many items at a time, whatever is asked. */
function createShelf(keys: readonly string[], pageSize: number) {
  const queries: ShelfQuery[] = []
  const page = async (query: ShelfQuery): Promise<ShelfPage> => {
    queries.push(query)
    const { from, to, ascending, start, limit = pageSize } = query
    if (from > to) throw new Fault('REGISTRY_REFUSED', 'BETWEEN out of order')
    const places = keys.map((key) => BASE + key).filter((place) => from <= place && place <= to)
    places.sort((one, other) => ((ascending ? one < other : one > other) ? -1 : 1))
    const begun = start ? places.indexOf(start.pk?.S ?? '') + 1 : 0
    const rest = places.slice(begun)
    const given = rest.slice(0, Math.min(limit, pageSize)).map((place) => ({ pk: text(place) }))
    return { items: given, more: given.length < rest.length ? given.at(-1) : undefined }
  }
  return { registry: { page } as unknown as Registry, queries }
}

const keyOf = (item: Item): string => item.pk?.S?.slice(BASE.length) ?? ''

const sourceOf = (wanted: (key: string) => boolean, sifted: boolean): ListSource<string> => ({
  shelf: { of: 'listing', key: 'TENANT#acme#THING' },
  base: BASE,
  sifted,
  show: async (item) => (wanted(keyOf(item)) ? keyOf(item) : undefined),
})

async function readAll(
  registry: Registry,
  source: ListSource<string>,
  page: { readonly limit: number; readonly ascending: boolean },
) {
  const parts: string[][] = []
  let after: { after?: string } = {}
  for (;;) {
    const { items, next } = await readPart(registry, source, { ...page, ...after })
    parts.push([...items])
    if (next === undefined) return parts
    after = { after: next }
  }
}

const KEYS = Array.from({ length: 30 }, (_, n) => `k-${String(n).padStart(2, '0')}`)
const isThird = (key: string): boolean => Number(key.slice(2)) % 3 === 0

const cases = [1, 2, 3, 7, 10, 29, 30, 31].flatMap((limit) =>
  [1, 2, 5, 30].flatMap((pageSize) =>
    [true, false].map((ascending) => ({ limit, pageSize, ascending })),
  ),
)

describe.each([
  ['every item', () => true],
  ['every third', isThird],
  ['none', () => false],
  ['the last', (key: string) => key === 'k-29'],
] as const)('a list of %s', (_name, wanted) => {
  test.each(cases)(
    'is read whole, each once and in order: $limit at most, ascending $ascending, $pageSize in a query',
    async ({ limit, pageSize, ascending }) => {
      const shown = KEYS.filter(wanted)
      for (const sifted of [true, false]) {
        const { registry } = createShelf(KEYS, pageSize)
        const parts = await readAll(registry, sourceOf(wanted, sifted), { limit, ascending })
        expect(parts.flat()).toEqual(ascending ? shown : shown.toReversed())
        expect(parts.every((part) => part.length <= limit)).toBe(true)
      }
    },
  )
})

test('a part reads four pages at most, and goes on behind the last item that was looked at', async () => {
  const { registry, queries } = createShelf(KEYS, 5)
  const source = sourceOf((key) => key === 'k-21', true)
  const first = await readPart(registry, source, { limit: 10 })
  expect(first).toEqual({ items: [], next: 'k-19' })
  expect(queries).toHaveLength(MAX_QUERIES)
  const second = await readPart(registry, source, { limit: 10, after: 'k-19' })
  expect(second).toEqual({ items: ['k-21'] })
})

test('a part that ends with the list says so, and one that is full says where it ends', async () => {
  const { registry } = createShelf(KEYS, 30)
  const source = sourceOf(isThird, true)
  expect(await readPart(registry, source, { limit: 10 })).not.toHaveProperty('next')
  const { items, next } = await readPart(registry, source, { limit: 9 })
  expect(items.at(-1)).toBe('k-24')
  expect(next).toBe('k-26')
})

test('no more is asked for than is needed to see that a list goes on', async () => {
  const { registry, queries } = createShelf(KEYS, 30)
  await readPart(
    registry,
    sourceOf(() => true, false),
    { limit: 3, after: 'k-03' },
  )
  expect(queries.map(({ limit }) => limit)).toEqual([5])
  await readPart(
    registry,
    sourceOf(() => true, true),
    { limit: 3 },
  )
  expect(queries.at(-1)).not.toHaveProperty('limit')
})

test.each([
  ['behind the end', true, '~'],
  ['before the beginning', false, ' '],
  ['too long', true, 'k'.repeat(1024)],
  ['too long', false, 'k'.repeat(1024)],
])('a key that is %s is not asked for (ascending %j)', async (_name, ascending, after) => {
  const { registry, queries } = createShelf(KEYS, 30)
  const source = { ...sourceOf(() => true, false), begins: 'k' }
  expect(await readPart(registry, source, { limit: 3, after, ascending })).toEqual({ items: [] })
  expect(queries).toHaveLength(0)
})

test('only keys that begin as they should are read', async () => {
  const { registry } = createShelf(['a', 'k-1', 'k-2', 'l'], 30)
  const source = { ...sourceOf(() => true, false), begins: 'k-' }
  for (const after of ['a', 'k-', 'k-0']) {
    const part = await readPart(registry, source, { limit: 9, after })
    expect(part.items).toEqual(['k-1', 'k-2'])
  }
  const back = await readPart(registry, source, { limit: 9, after: 'l', ascending: false })
  expect(back.items).toEqual(['k-2', 'k-1'])
})

test('no bound is empty, which DynamoDB refuses', async () => {
  const { registry, queries } = createShelf(KEYS, 30)
  await readPart(registry, { ...sourceOf(() => true, false), base: '' }, { limit: 3 })
  expect(queries).toMatchObject([{ from: ' ', to: '~' }])
})
