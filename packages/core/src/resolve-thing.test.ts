import { expect, test } from 'vitest'
import { facts, given, THING } from '../testing/decision-example.ts'
import { parseThingName } from './names.ts'
import { resolveThing } from './resolve-thing.ts'

const named = { kind: 'named', thingName: THING } as const
const absent = { kind: 'absent' } as const
const other = given(parseThingName('cam-2'))
const { thing, certificate, tenant } = facts
const owner = { certificate, tenant }
const withExclusive = { certificate: { ...certificate, exclusiveThing: THING }, tenant }
const exclusive = { ...owner, tenant: { ...tenant, defaultThing: 'exclusive' } } as const
const both = { ...withExclusive, tenant: exclusive.tenant }
const unattached = { ...thing, attached: false }

test('the thing of the header is taken when it is attached', () => {
  expect(resolveThing(named, thing, owner)).toEqual({ allow: true, thing: thing.record })
})

test.each([
  ['does not exist', undefined],
  ['is not attached', unattached],
  [
    'is another than the one that was read',
    { ...thing, record: { ...thing.record, thingName: other } },
  ],
])('T12: a thing that %s is refused', (_, read) => {
  const refused = { allow: false, reason: 'thing-not-attached' }
  expect(resolveThing(named, read, owner)).toEqual(refused)
})

test('T11: a malformed header is refused, whatever is attached', () => {
  expect(resolveThing({ kind: 'malformed' }, thing, both)).toEqual({
    allow: false,
    reason: 'thing-name-malformed',
  })
})

test('without header there is no thing, even if one is attached', () => {
  expect(resolveThing(absent, thing, withExclusive)).toEqual({ allow: true, thing: undefined })
})

test('without header the exclusive thing is taken where the tenant says so', () => {
  expect(resolveThing(absent, thing, both)).toEqual({ allow: true, thing: thing.record })
})

test('without header and without exclusive thing there is none, although the tenant says so', () => {
  expect(resolveThing(absent, thing, exclusive)).toEqual({ allow: true, thing: undefined })
})

test('an exclusive thing that is not attached after all is refused, not left out', () => {
  const refused = { allow: false, reason: 'thing-not-attached' }
  expect(resolveThing(absent, unattached, both)).toEqual(refused)
})

test('the header wins over the exclusive thing', () => {
  const header = { kind: 'named', thingName: other } as const
  expect(resolveThing(header, thing, both)).toMatchObject({ allow: false })
})
