import { expect, test } from 'vitest'
import { facts, given, THING } from '../testing/decision-example.ts'
import { parseThingName } from './names.ts'
import { resolveThing } from './resolve-thing.ts'

const named = { kind: 'named', thingName: THING } as const
const absent = { kind: 'absent' } as const
const other = given(parseThingName('cam-2'))
const exclusive = { ...facts.tenant, defaultThing: 'exclusive' } as const
const withExclusive = { ...facts, certificate: { ...facts.certificate, exclusiveThing: THING } }
const unattached = { ...facts.thing, attached: false }

test('the thing of the header is taken when it is attached', () => {
  expect(resolveThing(named, facts, facts.tenant)).toEqual({
    allow: true,
    thing: facts.thing.record,
  })
})

test.each([
  ['does not exist', { ...facts, thing: undefined }],
  ['is not attached', { ...facts, thing: unattached }],
  [
    'is another than the one that was read',
    { ...facts, thing: { ...facts.thing, record: { ...facts.thing.record, thingName: other } } },
  ],
])('T12: a thing that %s is refused', (_, changed) => {
  expect(resolveThing(named, changed as typeof facts, facts.tenant)).toEqual({
    allow: false,
    reason: 'thing-not-attached',
  })
})

test('T11: a malformed header is refused, whatever is attached', () => {
  expect(resolveThing({ kind: 'malformed' }, withExclusive, exclusive)).toEqual({
    allow: false,
    reason: 'thing-name-malformed',
  })
})

test('without header there is no thing, even if one is attached', () => {
  expect(resolveThing(absent, withExclusive, facts.tenant)).toEqual({
    allow: true,
    thing: undefined,
  })
})

test('without header the exclusive thing is taken where the tenant says so', () => {
  expect(resolveThing(absent, withExclusive, exclusive)).toEqual({
    allow: true,
    thing: facts.thing.record,
  })
})

test('without header and without exclusive thing there is none, although the tenant says so', () => {
  expect(resolveThing(absent, facts, exclusive)).toEqual({ allow: true, thing: undefined })
})

test('an exclusive thing that is not attached after all is refused, not left out', () => {
  const changed = { ...withExclusive, thing: unattached }
  expect(resolveThing(absent, changed, exclusive)).toEqual({
    allow: false,
    reason: 'thing-not-attached',
  })
})

test('the header wins over the exclusive thing', () => {
  const header = { kind: 'named', thingName: other } as const
  expect(resolveThing(header, withExclusive, exclusive)).toMatchObject({ allow: false })
})
