import { describe, expect, test } from 'vitest'
import {
  type DeviceRow,
  digestOf,
  findColumnProblem,
  membersOfFields,
  readDevice,
} from './device-row.ts'

test.each([
  [['thingName'], undefined],
  [['csr', 'thingName', 'thingType', 'policies', 'attributes.site', 'certificate'], undefined],
  [['thingType'], 'there is no column thingName'],
  [['thingName', 'typo'], 'column "typo" is none of'],
  [['thingName', 'attributes.'], 'column "attributes." is none of'],
  [['thingName', 'csr', 'csr'], 'a column stands twice'],
  [[], 'there is no column thingName'],
])('columns %j: %s', (columns, problem) => {
  if (problem === undefined) expect(findColumnProblem(columns)).toBeUndefined()
  else expect(findColumnProblem(columns)).toContain(problem)
})

test('fields become members, empty ones none', () => {
  const columns = ['thingName', 'thingType', 'policies', 'attributes.site', 'attributes.floor']
  expect(membersOfFields(columns, ['a', '', 'p1; p2;;', 'berlin', ''])).toEqual({
    members: { thingName: 'a', policies: ['p1', 'p2'], attributes: { site: 'berlin' } },
  })
  expect(membersOfFields(columns, ['a'])).toEqual({
    problem: '1 fields, where the head line has 5',
  })
})

test('a device is read from its members', () => {
  const all = { thingName: 'a', thingType: 't', attributes: { k: 'v' }, policies: ['p'], csr: 'f' }
  expect(readDevice(all)).toEqual({
    device: {
      ...{ thingName: 'a', thingTypeName: 't', attributes: { k: 'v' }, policies: ['p'], csr: 'f' },
    },
  })
  expect(readDevice({ thingName: 'a' })).toEqual({
    device: { thingName: 'a', attributes: {}, policies: [] },
  })
})

test.each([
  [null, 'not an object'],
  [[], 'not an object'],
  ['a', 'not an object'],
  [{}, 'there is no thingName'],
  [{ thingName: '' }, 'there is no thingName'],
  [{ thingName: 1 }, '"thingName" is not what it should be'],
  [{ thingName: 'a', thingType: null }, '"thingType" is not'],
  [{ thingName: 'a', attributes: { k: 1 } }, '"attributes" is not'],
  [{ thingName: 'a', attributes: null }, '"attributes" is not'],
  [{ thingName: 'a', policies: 'p' }, '"policies" is not'],
  [{ thingName: 'a', policies: [1] }, '"policies" is not'],
  [{ thingName: 'a', certificate: {} }, '"certificate" is not'],
  [{ thingName: 'a', csr: 1 }, '"csr" is not'],
  [{ thingName: 'a', typo: 1 }, '"typo" is none of'],
  [{ thingName: 'a', certificate: 'c', csr: 'd' }, 'exclude each other'],
  [{ thingName: 'a', policies: ['p'] }, 'there is none'],
])('%j is no device', (members, problem) => {
  expect(readDevice(members)).toEqual({ problem: expect.stringContaining(problem) })
})

describe('the digest', () => {
  const device: DeviceRow = {
    ...{ thingName: 'a', thingTypeName: 't', attributes: { a: '1', b: '2' } },
    ...{ policies: ['p', 'q'], certificate: 'c' },
  }
  const digest = digestOf(device, 'here')

  test('is that of the same work, however its attributes are ordered', () => {
    expect(digest).toMatch(/^[\w-]{16}$/)
    expect(digestOf({ ...device, attributes: { b: '2', a: '1' } }, 'here')).toBe(digest)
  })

  const { thingTypeName, certificate, ...bare } = device
  test.each<[string, DeviceRow, string?]>([
    ['place', device, 'there'],
    ['name', { ...device, thingName: 'b' }],
    ['type', { ...device, thingTypeName: 'u' }],
    ['no type', { ...bare, certificate: 'c' }],
    ['attributes', { ...device, attributes: { a: '1', b: '3' } }],
    ['policies', { ...device, policies: ['p'] }],
    ['certificate', { ...device, certificate: 'd' }],
    ['csr', { ...bare, thingTypeName: 't', csr: 'c' }],
  ])('tells another %s apart', (_, other, place = 'here') => {
    expect(digestOf(other, place)).not.toBe(digest)
  })
})
