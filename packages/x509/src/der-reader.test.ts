import { expect, test } from 'vitest'
import { constructed, der, integer, nothing, octetString, sequence } from '../testing/der-writer.ts'
import { childrenOf, contentOf, encodingOf, fieldsOf, innerOf, readOnly } from './der-reader.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

test.each([
  ['an empty element', '0500', ''],
  ['a short length', '040161', '61'],
  ['the longest short length', `047f${'00'.repeat(127)}`, '00'.repeat(127)],
  ['a length of one octet', `048180${'00'.repeat(128)}`, '00'.repeat(128)],
  ['the longest length of one octet', `0481ff${'00'.repeat(255)}`, '00'.repeat(255)],
  ['a length of two octets', `04820100${'00'.repeat(256)}`, '00'.repeat(256)],
])('reads %s', (_, encoding, content) => {
  const element = readOnly(hex(encoding))
  expect(contentOf(element)).toEqual(hex(content))
  expect(encodingOf(element)).toEqual(hex(encoding))
})

test.each([
  ['no octets', ''],
  ['a tag alone', '04'],
  ['content cut short', '040261'],
  ['octets after the element', '04016100'],
  ['an indefinite length', '30800000'],
  ['an indefinite length that could be taken for 128', `0480${'00'.repeat(128)}`],
  ['a length cut short', '0481'],
  ['a length of two octets cut short', '048201'],
  ['a long length below 128', `04817f${'00'.repeat(127)}`],
  ['a length of two octets below 256', `048200ff${'00'.repeat(255)}`],
  ['a length of three octets', `0483010000${'00'.repeat(65_536)}`],
  ['a reserved length', '04ff00'],
  ['a tag number above 30', '1f00'],
  ['a tag number above 30 with its context', 'bf00'],
])('does not read %s', (_, encoding) => {
  expect(() => readOnly(hex(encoding))).toThrow(SyntaxError)
})

test('reads the elements of a constructed one in order', () => {
  const [first, second, ...rest] = childrenOf(readOnly(sequence(integer(1), nothing())))
  expect(encodingOf(first!)).toEqual(integer(1))
  expect(encodingOf(second!)).toEqual(nothing())
  expect(rest).toEqual([])
})

test('does not read an element that reaches beyond the one around it', () => {
  const outer = sequence(der(0x30, hex('0402')), octetString(hex('6162')))
  const [inner] = childrenOf(readOnly(outer))
  expect(() => childrenOf(inner!)).toThrow(SyntaxError)
})

test('does not read a length that reaches beyond the element around it', () => {
  const [inner] = childrenOf(readOnly(sequence(der(0x30, hex('0481')), der(0x80, hex('00')))))
  expect(() => childrenOf(inner!)).toThrow(SyntaxError)
})

test('takes fields in order, optional ones when they are there', () => {
  const fields = fieldsOf(readOnly(sequence(integer(1), nothing())))
  expect(fields.optional(0x05)).toBeUndefined()
  expect(fields.next(0x02).tag).toBe(0x02)
  expect(fields.optional(0x05)?.tag).toBe(0x05)
  expect(() => fields.end()).not.toThrow()
  expect(fields.optional(0x05)).toBeUndefined()
  expect(() => fields.next(0x05)).toThrow(SyntaxError)
  expect(() => fields.any()).toThrow(SyntaxError)
})

test('does not take a field of another tag, nor leave one', () => {
  const fields = fieldsOf(readOnly(sequence(integer(1))))
  expect(() => fields.end()).toThrow(SyntaxError)
  expect(() => fields.next(0x05)).toThrow(SyntaxError)
})

test('opens nothing but the tag it is told to', () => {
  expect(() => fieldsOf(readOnly(nothing()))).toThrow(SyntaxError)
  expect(() => fieldsOf(readOnly(sequence()), 0xa0)).toThrow(SyntaxError)
})

test('an explicit tag holds exactly one element of its type', () => {
  expect(innerOf(readOnly(constructed(0, integer(7))), 0x02).tag).toBe(0x02)
  for (const explicit of [
    constructed(0),
    constructed(0, nothing()),
    constructed(0, integer(1), integer(2)),
  ]) {
    expect(() => innerOf(readOnly(explicit), 0x02)).toThrow(SyntaxError)
  }
})
