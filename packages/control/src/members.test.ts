import { parseThingName } from '@thingpass/core/names'
import { expect, test } from 'vitest'
import {
  listOf,
  mapOf,
  optional,
  required,
  structure,
  unsupportedList,
  unsupportedText,
} from './compound-shape.ts'
import { body, header, label, needed, query, readInput } from './members.ts'
import { flag, integer, named, oneOf, text } from './shape.ts'

const MEMBERS = {
  thingName: label(
    named(parseThingName, { shortest: 1, longest: 128, pattern: /^[a-zA-Z0-9:_-]+$/ }),
  ),
  principal: header(text({ shortest: 1, longest: 20 }), 'x-amzn-principal'),
  pageSize: query(integer(1, 250)),
  ascendingOrder: query(flag(), 'isAscendingOrder'),
  type: query(oneOf(['ONE', 'TWO'])),
  document: needed(body(text({ longest: 20, repeated: false }))),
  count: body(integer(-5, 5)),
  attributes: body(mapOf(text({ pattern: /^[a-z_]+$/ }), text({ longest: 3 }), 2)),
  list: body(
    listOf(structure({ name: required(text({ shortest: 1 })), deep: optional(flag()) }), 1, 2),
  ),
  tags: body(unsupportedList('Tags')),
  group: body(unsupportedText('Groups')),
}

const LABELS = new Map([['thingName', 'cam-1']])
const GOOD = {
  query: [] as readonly (readonly [string, string])[],
  headers: new Map<string, readonly string[]>([['x-amzn-principal', ['arn']]]),
  body: '{"document":"{}"}',
}

const read = (change: Partial<typeof GOOD> = {}, labels = LABELS, strict = false) =>
  readInput(MEMBERS, { request: { ...GOOD, ...change }, labels }, { strict })
const readBody = (json: object, strict = false) =>
  read({ body: JSON.stringify({ document: '', ...json }) }, LABELS, strict)
const readQuery = (...pairs: readonly (readonly [string, string])[]) => read({ query: pairs })

test('members are read from path, query, header and body', () => {
  const reading = read({
    query: [
      ['pageSize', '7'],
      ['isAscendingOrder', 'false'],
      ['type', 'TWO'],
      ['unknown', 'x'],
    ],
    body: '{"document":"{}","count":-5,"attributes":{"__proto__":"x"},"list":[{"name":"n","deep":true}],"tags":[],"unknown":1}',
  })
  expect(reading).toEqual({
    ok: true,
    input: {
      ...{ thingName: 'cam-1', principal: 'arn', pageSize: 7, ascendingOrder: false, type: 'TWO' },
      ...{ document: '{}', count: -5, list: [{ name: 'n', deep: true }], tags: [] },
      attributes: new Map([['__proto__', 'x']]),
      group: undefined,
    },
  })
})

test('members that may be left out are undefined, null included', () => {
  const reading = readBody({ count: null, attributes: null })
  expect(reading).toMatchObject({ ok: true, input: { count: undefined, pageSize: undefined } })
})

test('a body is not looked at where no member is in it', () => {
  const request = { ...GOOD, body: 'no JSON' }
  const reading = readInput({ thingName: MEMBERS.thingName }, { request, labels: LABELS })
  expect(reading).toEqual({ ok: true, input: { thingName: 'cam-1' } })
})

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['a text', '"document"'],
  ['null', 'null'],
])('a body of %s is none', (_, text) => {
  expect(read({ body: text })).toEqual({
    ok: false,
    message: 'The request body is not a JSON object',
  })
})

const failed = (at: string, constraint: string) =>
  `${at} failed to satisfy constraint: ${constraint}`

test.each([
  [
    'a missing member',
    read({ body: '' }),
    failed("Value at 'document'", 'Member must not be null'),
  ],
  [
    'a missing header',
    read({ headers: new Map() }),
    failed("Value at 'principal'", 'Member must not be null'),
  ],
  [
    'a header that came twice',
    read({ headers: new Map([['x-amzn-principal', ['a', 'b']]]) }),
    failed("Value at 'principal'", 'START_ARRAY cannot be converted to String'),
  ],
  [
    'a parameter that came twice',
    readQuery(['type', 'ONE'], ['type', 'ONE']),
    failed("Value at 'type'", 'START_ARRAY cannot be converted to String'),
  ],
  [
    'an empty text',
    readBody({ list: [{ name: '' }] }),
    failed(
      "Value '' at 'list.1.member.name'",
      'Member must have length greater than or equal to 1',
    ),
  ],
  [
    'a name outside its pattern',
    read({}, new Map([['thingName', 'a/b']])),
    failed(
      "Value 'a/b' at 'thingName'",
      'Member must satisfy regular expression pattern: [a-zA-Z0-9:_-]+',
    ),
  ],
  [
    'a name that ends in a line break',
    read({}, new Map([['thingName', 'a\n']])),
    failed(
      "Value at 'thingName'",
      'Member must satisfy regular expression pattern: [a-zA-Z0-9:_-]+',
    ),
  ],
  [
    'a number under its bound',
    readQuery(['pageSize', '0']),
    failed("Value '0' at 'pageSize'", 'Member must have value greater than or equal to 1'),
  ],
  [
    'a number over its bound',
    readQuery(['pageSize', '251']),
    failed("Value '251' at 'pageSize'", 'Member must have value less than or equal to 250'),
  ],
  [
    'a number in words',
    readQuery(['pageSize', 'ten']),
    failed("Value at 'pageSize'", 'STRING_VALUE cannot be converted to Integer'),
  ],
  [
    'a number with a fraction',
    readBody({ count: 1.5 }),
    failed("Value at 'count'", 'NUMBER_VALUE cannot be converted to Integer'),
  ],
  [
    'a number as text',
    readBody({ count: '1' }),
    failed("Value at 'count'", 'STRING_VALUE cannot be converted to Integer'),
  ],
  [
    'a flag in other words',
    readQuery(['isAscendingOrder', 'yes']),
    failed("Value at 'ascendingOrder'", 'STRING_VALUE cannot be converted to Boolean'),
  ],
  [
    'another value',
    readQuery(['type', 'one']),
    failed("Value 'one' at 'type'", 'Member must satisfy enum value set: [ONE, TWO]'),
  ],
  [
    'a document that is too long',
    readBody({ document: 'x'.repeat(21) }),
    failed("Value at 'document'", 'Member must have length less than or equal to 20'),
  ],
  [
    'a document that is no text',
    readBody({ document: {} }),
    failed("Value at 'document'", 'START_OBJECT cannot be converted to String'),
  ],
  [
    'a map key outside its pattern',
    readBody({ attributes: { A: 'x' } }),
    failed(
      "Value 'A' at 'attributes.key'",
      'Member must satisfy regular expression pattern: [a-z_]+',
    ),
  ],
  [
    'a map value over its bound',
    readBody({ attributes: { a: 'xxxx' } }),
    failed("Value 'xxxx' at 'attributes.value'", 'Member must have length less than or equal to 3'),
  ],
  [
    'a map value that is no text',
    readBody({ attributes: { a: null } }),
    failed("Value at 'attributes.value'", 'NULL_VALUE cannot be converted to String'),
  ],
  [
    'a map with too many entries',
    readBody({ attributes: { a: '', b: '', c: '' } }),
    failed("Value at 'attributes'", 'Member must have at most 2 entries'),
  ],
  [
    'a map that is a list',
    readBody({ attributes: [] }),
    failed("Value at 'attributes'", 'START_ARRAY cannot be converted to Map'),
  ],
  [
    'an empty list',
    readBody({ list: [] }),
    failed("Value at 'list'", 'Member must have length within [1, 2]'),
  ],
  [
    'a list that is too long',
    readBody({ list: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }),
    failed("Value at 'list'", 'Member must have length within [1, 2]'),
  ],
  [
    'a list that is an object',
    readBody({ list: {} }),
    failed("Value at 'list'", 'START_OBJECT cannot be converted to List'),
  ],
  [
    'a structure that is a text',
    readBody({ list: ['a'] }),
    failed("Value at 'list.1.member'", 'STRING_VALUE cannot be converted to Structure'),
  ],
  [
    'a structure without its member',
    readBody({ list: [{ name: 'a' }, {}] }),
    failed("Value at 'list.2.member.name'", 'Member must not be null'),
  ],
  [
    'tags',
    readBody({ tags: [{ Key: 'k' }] }),
    failed("Value at 'tags'", 'Tags are not supported here'),
  ],
  [
    'tags that are no list',
    readBody({ tags: 'k' }),
    failed("Value at 'tags'", 'STRING_VALUE cannot be converted to List'),
  ],
  [
    'a group',
    readBody({ group: 'g' }),
    failed("Value at 'group'", 'Groups are not supported here'),
  ],
  [
    'a misspelt member where that matters',
    readBody({ Count: 1 }, true),
    failed("Value at 'Count'", 'Member is not known'),
  ],
  [
    'a member of the query in the body where that matters',
    readBody({ pageSize: 1 }, true),
    failed("Value at 'pageSize'", 'Member is not known'),
  ],
])('%s is refused in AWS’s words', (_, reading, message) => {
  expect(reading).toEqual({ ok: false, message: `1 validation error detected: ${message}` })
})

test('all that is wrong is said at once', () => {
  const reading = readQuery(['pageSize', '0'], ['type', 'x'])
  expect(reading).toEqual({
    ok: false,
    message: `2 validation errors detected: ${failed("Value '0' at 'pageSize'", 'Member must have value greater than or equal to 1')}; ${failed("Value 'x' at 'type'", 'Member must satisfy enum value set: [ONE, TWO]')}`,
  })
})

test('what an object has from its prototype is no member', () => {
  const members = {
    toString: body(text()),
    deep: body(structure({ valueOf: optional(text()) })),
  }
  const reading = readInput(members, { request: { ...GOOD, body: '{"deep":{}}' }, labels: LABELS })
  expect(reading.ok && Object.entries(reading.input)).toEqual([
    ['toString', undefined],
    ['deep', { valueOf: undefined }],
  ])
})

test('nothing of a PEM is repeated, wherever it was put', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----'
  const readings = [
    read({}, new Map([['thingName', pem]])),
    readQuery(['type', pem]),
    readBody({ document: pem, attributes: { [pem]: pem } }),
  ]
  for (const reading of readings) {
    expect(reading.ok).toBe(false)
    expect(JSON.stringify(reading)).not.toContain('PRIVATE')
  }
})

test('an empty name breaks both of its constraints', () => {
  const reading = read({}, new Map([['thingName', '']]))
  expect(reading).toMatchObject({
    ok: false,
    message: expect.stringContaining('2 validation errors detected: '),
  })
})

test('strict inputs take the members of the body', () => {
  expect(readBody({ count: 1 }, true)).toMatchObject({ ok: true })
})
