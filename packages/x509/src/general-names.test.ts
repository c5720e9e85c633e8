import { expect, test } from 'vitest'
import { alternativeNameDer, type TestAlternativeName } from '../testing/certificate-names.ts'
import { constructed, nothing, oid, primitive, sequence, set } from '../testing/der-writer.ts'
import { readOnly } from './der-reader.ts'
import { generalNamesOf } from './general-names.ts'

const read = (...names: readonly TestAlternativeName[]) =>
  generalNamesOf(readOnly(sequence(...names.map(alternativeNameDer))))

test('reads each kind as text, in order, with repeats', () => {
  const names = read(
    { dns: 'b.example' },
    { email: 'ops@example.com' },
    { uri: 'urn:example:1' },
    { ip: [192, 0, 2, 7] },
    { directory: [{ type: 'O', value: 'A, B' }] },
    { dns: 'b.example' },
  )
  expect(names).toEqual({
    count: 6,
    names: [
      { kind: 'dNSName', value: 'b.example' },
      { kind: 'rfc822Name', value: 'ops@example.com' },
      { kind: 'uniformResourceIdentifier', value: 'urn:example:1' },
      { kind: 'iPAddress', value: '192.0.2.7' },
      { kind: 'directoryName', value: 'O=A\\, B' },
      { kind: 'dNSName', value: 'b.example' },
    ],
  })
})

test('counts the kinds that have no text', () => {
  const otherName = constructed(0, oid('1.2.3'), constructed(0, nothing()))
  const unshown = [otherName, constructed(3), constructed(5), primitive(8, Buffer.from([0x2a]))]
  expect(read({ dns: 'a' }, ...unshown.map((der) => ({ der })))).toEqual({
    count: 5,
    names: [{ kind: 'dNSName', value: 'a' }],
  })
})

test('an empty list has no names', () => {
  expect(read()).toEqual({ count: 0, names: [] })
})

test.each<[string, TestAlternativeName]>([
  ['an unknown kind', { der: primitive(9, Buffer.from('x')) }],
  ['a universal type', { der: nothing() }],
  ['a constructed DNS name', { der: constructed(2) }],
  ['a DNS name beyond ASCII', { dns: 'ä.example' }],
  ['a DNS name with NUL', { dns: 'a\0.example' }],
  ['an IP address of 5 octets', { ip: [1, 2, 3, 4, 5] }],
  ['an IP address with a mask', { ip: [1, 2, 3, 4, 255, 255, 255, 0] }],
  ['a directory name with nothing in it', { der: constructed(4) }],
  ['two directory names in one', { der: constructed(4, sequence(), sequence()) }],
  ['a directory name that is a SET', { der: constructed(4, set()) }],
])('does not read %s', (_, name) => {
  expect(() => read(name)).toThrow(SyntaxError)
})

test('does not read a list that is no SEQUENCE', () => {
  expect(() => generalNamesOf(readOnly(set()))).toThrow(SyntaxError)
})
