import {
  parseTenantId,
  parseThingName,
  parseThingTypeName,
  type ThingTypeName,
} from '@thingpass/core/names'
import { expect, test } from 'vitest'
import { encodeThing } from '../items/thing.ts'
import { tableWrites } from './expression.ts'
import { planTypeDeletion } from './thing-type-deletion.ts'
import type { Registry } from './transaction.ts'

const tenantId = parseTenantId('acme')!
const lamp = parseThingTypeName('lamp')!
const pump = parseThingTypeName('pump')!
const NOON = new Date('2026-06-01T12:00:00Z')
const LATER = new Date('2026-06-01T12:05:00Z')

const type = {
  ...{ tenantId, thingTypeName: lamp, thingTypeId: 'y-1', searchableAttributes: [] },
  ...{ createdAt: NOON, deprecatedAt: NOON },
}

const thing = (name: string, thingTypeName: ThingTypeName) =>
  encodeThing({
    record: {
      thingName: parseThingName(name)!,
      thingId: 't-1',
      thingTypeName,
      attributes: new Map(),
      groups: [],
    },
    tenantId,
    ...{ memberships: [], version: 1, principalCount: 0, createdAt: NOON, modifiedAt: NOON },
  })

/** A registry whose index still lists things of the type, one to a page, while `now` is what they are. */
function createLagging(listed: number, now: ReturnType<typeof thing> | undefined): Registry {
  let read = 0
  return {
    ...tableWrites('registry'),
    now: () => LATER,
    get: async () => now,
    page: async () => {
      read += 1
      const item = thing(`n-${read}`, lamp)
      return { items: [item], more: read < listed ? item : undefined }
    },
  } as unknown as Registry
}

const outcomeOf = async (registry: Registry) => (await planTypeDeletion(registry, type)).outcome
const inUse = { ok: false, conflict: 'thing-type-in-use' }

test('a thing that the list has still, though it is gone or has another type, does not hold the type', async () => {
  expect(await outcomeOf(createLagging(3, undefined))).toEqual({ ok: true })
  expect(await outcomeOf(createLagging(3, thing('n-1', pump)))).toEqual({ ok: true })
  expect(await outcomeOf(createLagging(3, thing('n-1', lamp)))).toEqual(inUse)
})

test('a list that is not read to its end holds the type', async () => {
  expect(await outcomeOf(createLagging(4, undefined))).toEqual({ ok: true })
  expect(await outcomeOf(createLagging(5, undefined))).toEqual(inUse)
})
