import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nameDer, type TestName } from '../testing/certificate-names.ts'
import { characterString, der, integer, oid, sequence, set } from '../testing/der-writer.ts'
import { readOnly } from './der-reader.ts'
import { attributesOf, nameTextOf } from './distinguished-name.ts'

const attributes = (name: TestName) => attributesOf(readOnly(nameDer(name)))
const nameText = (name: TestName): string => nameTextOf(readOnly(nameDer(name)))

test('T09: keeps order, repeats and multi-valued RDNs', () => {
  expect(
    attributes([
      { type: 'CN', value: 'first' },
      [
        { type: 'O', value: 'A' },
        { type: 'CN', value: 'admin' },
      ],
      { type: 'CN', value: 'first' },
    ]),
  ).toEqual([
    { rdn: 0, type: '2.5.4.3', value: 'first' },
    { rdn: 1, type: '2.5.4.10', value: 'A' },
    { rdn: 1, type: '2.5.4.3', value: 'admin' },
    { rdn: 2, type: '2.5.4.3', value: 'first' },
  ])
})

test('an empty name has no attributes', () => {
  expect(attributes([])).toEqual([])
  expect(nameText([])).toBe('')
})

test('T09: a value that looks like an attribute stays a value', () => {
  expect(attributes('device,CN=admin+O=A')).toEqual([
    { rdn: 0, type: '2.5.4.3', value: 'device,CN=admin+O=A' },
  ])
})

const cn = characterString('x', 'utf8')
test.each([
  ['an RDN without attributes', sequence(set())],
  ['an RDN that is a SEQUENCE', sequence(sequence(sequence(oid('2.5.4.3'), cn)))],
  ['an attribute that is a SET', sequence(set(set(oid('2.5.4.3'), cn)))],
  ['an attribute without value', sequence(set(sequence(oid('2.5.4.3'))))],
  ['an empty attribute', sequence(set(sequence()))],
  ['T09: an attribute with two values', sequence(set(sequence(oid('2.5.4.3'), cn, cn)))],
  ['an attribute whose type is no OID', sequence(set(sequence(cn, cn)))],
  ['an attribute whose value is no text', sequence(set(sequence(oid('2.5.4.3'), integer(1))))],
  ['a SET instead of a SEQUENCE', set(set(sequence(oid('2.5.4.3'), cn)))],
])('does not read a name with %s', (_, encoding) => {
  expect(() => attributesOf(readOnly(encoding))).toThrow(SyntaxError)
  expect(() => nameTextOf(readOnly(encoding))).toThrow(SyntaxError)
})

// Rows from RFC 4514 §4 where it has them.
test.each<[TestName, string]>([
  [
    [
      { type: 'DC', value: 'net' },
      { type: 'DC', value: 'example' },
      { type: 'UID', value: 'jsmith' },
    ],
    'UID=jsmith,DC=example,DC=net',
  ],
  [
    [
      { type: 'DC', value: 'net' },
      [
        { type: 'OU', value: 'Sales' },
        { type: 'CN', value: 'J.  Smith' },
      ],
    ],
    'OU=Sales+CN=J.  Smith,DC=net',
  ],
  ['James "Jim" Smith, III', 'CN=James \\"Jim\\" Smith\\, III'],
  ['a+b;c<d>e\\f', 'CN=a\\+b\\;c\\<d\\>e\\\\f'],
  [' # inside ', 'CN=\\ # inside\\ '],
  ['#first', 'CN=\\#first'],
  [' ', 'CN=\\ '],
  [
    [
      { type: 'C', value: 'DE' },
      { type: 'ST', value: 'Berlin' },
      { type: 'L', value: 'Mitte' },
      { type: 'STREET', value: 'Allee 1' },
      { type: 'O', value: 'A' },
    ],
    'O=A,STREET=Allee 1,L=Mitte,ST=Berlin,C=DE',
  ],
  [[{ type: '1.3.6.1.4.1.1466.0', value: 'Hi' }], '1.3.6.1.4.1.1466.0=#0c024869'],
])('writes %j as %s', (name, expected) => {
  expect(nameText(name)).toBe(expected)
})

test('T09: different names have different texts', () => {
  const value = fc.string({ unit: fc.constantFrom('a', ' ', ',', '+', '\\', '#', '=', 'CN') })
  const attribute = fc.record({ type: fc.constantFrom('CN', 'O'), value })
  const name = fc.array(fc.array(attribute, { minLength: 1, maxLength: 2 }), { maxLength: 2 })
  fc.assert(
    fc.property(name, name, (one, other) => {
      const same = der(0, nameDer(one)).equals(der(0, nameDer(other)))
      expect(nameText(one) === nameText(other)).toBe(same)
    }),
    { numRuns: 500 },
  )
})
