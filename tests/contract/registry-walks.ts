import type { ListInput, ListPart } from '@thingpass/core/registry-writes/lists'
import { describe, expect, test } from 'vitest'
import { EDGE_WALKS } from './registry-walk-edges.ts'
import { GROUP_WALKS } from './registry-walk-groups.ts'
import type { Place, Walk } from './registry-walk-place.ts'
import { THING_WALKS } from './registry-walk-things.ts'
import * as world from './registry-world.ts'

const byBytes = (one: string, other: string): number => (one < other ? -1 : 1)

/** There from beginning to end; there at the beginning and then removed; added on the way. */
const STAYING = ['n-02', 'n-04', 'n-06', 'n-08']
const GOING = ['n-03', 'n-07']
const COMING = ['n-01', 'n-05', 'n-09']

/** Lists that are read in parts while they change. */
export function describeWalks(registry: () => world.RegistryUnderTest): void {
  const begin = async (walk: Walk): Promise<Place> => {
    const tenantId = world.newTenant()
    const it = { writes: registry().writes, tenantId, certificateId: world.newCertificateId() }
    await walk.prepare?.(it)
    for (const name of [...GOING, ...STAYING]) await walk.add(it, name)
    return it
  }

  const read = async (walk: Walk, it: Place, page: ListInput) => {
    const { items, next } = (await walk.list(it, page)) as ListPart<never>
    expect(items.length).toBeLessThanOrEqual(page.limit)
    return { names: items.map(walk.nameOf ?? ((item) => item)), next }
  }

  /** Reads a list to its end; between two parts, something goes and something comes. */
  async function walkThrough(walk: Walk, it: Place, page: ListInput): Promise<string[]> {
    const going = [...GOING]
    const coming = [...COMING]
    const names: string[] = []
    let after: { after?: string } = {}
    for (let part = 1; part <= 40; part += 1) {
      const { names: more, next } = await read(walk, it, { ...page, ...after })
      names.push(...more)
      if (next === undefined) return names
      after = { after: next }
      await disturb(walk, it, { gone: going.pop(), come: coming.pop() })
    }
    throw new Error('the list does not end')
  }

  async function disturb(
    walk: Walk,
    it: Place,
    { gone, come }: { readonly gone: string | undefined; readonly come: string | undefined },
  ) {
    if (gone !== undefined) await walk.remove(it, gone)
    if (come !== undefined) await walk.add(it, come)
  }

  const rows = Object.entries({ ...THING_WALKS, ...GROUP_WALKS, ...EDGE_WALKS })

  describe.each(rows)('%s', (_name, walk) => {
    test.each([
      [1, true],
      [2, true],
      [3, true],
      [1, false],
      [2, false],
    ])(
      'are read %i at a time, ascending %j: nothing that stays is missed or doubled',
      async (limit, ascending) => {
        const it = await begin(walk)
        const names = await walkThrough(walk, it, { limit, ascending })
        expect(names.filter((name) => STAYING.includes(name)).toSorted(byBytes)).toEqual(STAYING)
        expect(new Set(names).size).toBe(names.length)
        if (walk.unordered) return
        const sorted = names.toSorted(byBytes)
        expect(names).toEqual(ascending ? sorted : sorted.reverse())
      },
    )

    test('are read in one part that says that it is the last', async () => {
      const it = await begin(walk)
      const all = [...GOING, ...STAYING].toSorted(byBytes)
      const { names, next } = await read(walk, it, { limit: all.length })
      expect(names.toSorted(byBytes)).toEqual(all)
      expect(next).toBeUndefined()
    })

    test('go on behind the last one when that has gone', async () => {
      const it = await begin(walk)
      const first = await read(walk, it, { limit: 3 })
      const [last] = first.names.slice(-1)
      await walk.remove(it, last!)
      const second = await read(walk, it, { limit: 10, after: first.next! })
      const all = [...GOING, ...STAYING].toSorted(byBytes)
      expect([...first.names, ...second.names].toSorted(byBytes)).toEqual(all)
    })

    test('of another tenant are not read', async () => {
      const it = await begin(walk)
      const other = { ...it, tenantId: world.newTenant(), certificateId: world.newCertificateId() }
      await walk.prepare?.(other)
      expect((await read(walk, other, { limit: 250 })).names).toEqual([])
    })

    test.each([['~'], ['\u{10FFFF}'], ['x'.repeat(2000)]])(
      'have nothing behind a key that sorts behind all: %.5s',
      async (after) => {
        const it = await begin(walk)
        expect(await read(walk, it, { limit: 3, after })).toEqual({ names: [], next: undefined })
      },
    )
  })
}
