import { expect, test } from 'vitest'
import type { FleetRecord } from '../import/fleet-record.ts'
import { headLine, parseHead, parseRecord, recordLine } from './fleet-lines.ts'

const place = { partition: 'aws', region: 'us-east-1', account: '123456789012' }
const examples: Readonly<Record<FleetRecord['kind'], FleetRecord>> = {
  'thing-type': {
    kind: 'thing-type',
    name: 't',
    searchableAttributes: ['a'],
    deprecated: false,
    tags: {},
  },
  'thing-group': { kind: 'thing-group', name: 'g', attributes: {}, tags: { k: 'v' } },
  thing: { kind: 'thing', name: 'a', attributes: { k: 'v' } },
  'thing-group-member': { kind: 'thing-group-member', group: 'g', thing: 'a' },
  ca: {
    kind: 'ca',
    id: 'c',
    pem: 'PEM\n',
    status: 'ACTIVE',
    mode: 'DEFAULT',
    autoRegistration: true,
    provisions: false,
    tags: {},
  },
  certificate: { kind: 'certificate', id: 'c', pem: 'PEM\n', status: 'ACTIVE' },
  policy: { kind: 'policy', name: 'p', tags: {}, versions: [{ document: '{}', isDefault: true }] },
  'role-alias': { kind: 'role-alias', name: 'r', roleArn: 'arn', durationSeconds: 900, tags: {} },
  'policy-attachment': {
    kind: 'policy-attachment',
    policy: 'p',
    target: { kind: 'certificate', name: 'c' },
  },
  'thing-principals': { kind: 'thing-principals', thing: 'a', principals: [] },
}

test.each(Object.values(examples))('a record is read as it was written: $kind', (record) => {
  const line = recordLine(record)
  expect(line.endsWith('}\n')).toBe(true)
  expect(line.startsWith(`{"kind":"${record.kind}"`)).toBe(true)
  expect(parseRecord(line)).toEqual(record)
})

test.each(Object.values(examples))(
  'a record without one of its members is none: $kind',
  (record) => {
    for (const member of Object.keys(record)) {
      const { [member as 'kind']: left, ...rest } = record
      expect(parseRecord(JSON.stringify(rest))).toBeUndefined()
      expect(parseRecord(JSON.stringify({ ...record, [member]: null }))).toBeUndefined()
    }
  },
)

test('ids of versions and the place of a policy are not written', () => {
  const versions = [{ document: '{}', isDefault: true, versionId: '7' }]
  const policy: FleetRecord = { kind: 'policy', name: 'p', place, versions, tags: {} }
  expect(recordLine(policy)).not.toMatch(/versionId|us-east-1/)
})

test('the head is read as it was written', () => {
  expect(parseHead(headLine(place))).toEqual(place)
})

test.each([
  '',
  '[]',
  'null',
  '{"kind":"fleet"}',
  headLine(place).replace('fleet/1', 'fleet/2'),
  headLine(place).replace('123456789012', '1234'),
  headLine({ ...place, region: 1 as never }),
])('%j is no head', (line) => expect(parseHead(line)).toBeUndefined())
