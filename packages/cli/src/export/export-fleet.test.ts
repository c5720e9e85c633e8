import { expect, test } from 'vitest'
import { type FleetReader, pageOf } from '../import/fleet-reader.ts'
import { COLLECTIONS, type FleetRecord, KIND_OF, keyOf } from '../import/fleet-record.ts'
import { exportFleet } from './export-fleet.ts'

const place = { partition: 'aws', region: 'us-east-1', account: '123456789012' }
const policy = (name: string, effect: string): FleetRecord => ({
  kind: 'policy',
  name,
  versions: [{ document: JSON.stringify({ Statement: { Effect: effect } }), isDefault: true }],
  tags: {},
})
const attach = (name: string, to: string): FleetRecord => ({
  kind: 'policy-attachment',
  policy: name,
  target: { kind: 'certificate', name: to },
})
const group = (name: string): FleetRecord => ({
  kind: 'thing-group',
  name,
  attributes: {},
  tags: {},
})
const thing = (name: string): FleetRecord => ({ kind: 'thing', name, attributes: {} })
const principals = (name: string, ...ids: readonly string[]): FleetRecord => ({
  kind: 'thing-principals',
  thing: name,
  principals: ids.map((id) => ({ kind: 'certificate', name: id, exclusive: false })),
})

/** A page for each record, in the order given. */
function readerOf(records: readonly FleetRecord[]): FleetReader {
  const collections = COLLECTIONS.map((collection) => [
    collection,
    async function* () {
      for (const record of records) {
        if (record.kind === KIND_OF[collection]) yield pageOf([{ key: keyOf(record), record }])
      }
    },
  ])
  return Object.fromEntries(collections)
}

async function keysOf(records: readonly FleetRecord[]) {
  const keys: string[] = []
  for await (const line of exportFleet(readerOf(records), place)) {
    const record = JSON.parse(line)
    keys.push(record.kind === 'fleet' ? 'head' : `${record.kind} ${keyOf(record)}`)
  }
  return keys
}

test('the order depends on the fleet alone, and policies that deny are attached first', async () => {
  const records = [
    attach('allow', 'b'),
    attach('deny', 'a'),
    attach('allow', 'a'),
    policy('deny', 'Deny'),
    policy('allow', 'Allow'),
    thing('b'),
    thing('B'),
    thing('a'),
  ]
  const expected = [
    'head',
    'thing B',
    'thing a',
    'thing b',
    'policy allow',
    'policy deny',
    'policy-attachment deny certificate a',
    'policy-attachment allow certificate a',
    'policy-attachment allow certificate b',
  ]
  expect(await keysOf(records)).toEqual(expected)
  expect(await keysOf(records.toReversed())).toEqual(expected)
})

test('groups keep the order of their levels', async () => {
  expect(await keysOf([group('z-parent'), group('a-child')])).toEqual([
    'head',
    'thing-group z-parent',
    'thing-group a-child',
  ])
})

test('a thing without certificates gets no line for them', async () => {
  expect(await keysOf([principals('a'), principals('b', 'c')])).toEqual([
    'head',
    'thing-principals b',
  ])
})

test('many records keep their order', async () => {
  const many = Array.from({ length: 100 }, (_, index) =>
    thing(`t${String(index).padStart(3, '0')}`),
  )
  expect(await keysOf(many)).toEqual(['head', ...many.map((each) => `thing ${keyOf(each)}`)])
})
