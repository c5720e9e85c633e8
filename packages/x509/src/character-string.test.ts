import fc from 'fast-check'
import { expect, test } from 'vitest'
import { characterString, der, type StringEncoding } from '../testing/der-writer.ts'
import { ia5TextOf, textOf } from './character-string.ts'
import { type Element, readOnly } from './der-reader.ts'

const encode = (value: string, encoding: StringEncoding): Element =>
  readOnly(characterString(value, encoding))
const raw = (tag: number, hex: string): Element => readOnly(der(tag, Buffer.from(hex, 'hex')))

test.each<[StringEncoding, string]>([
  ['utf8', 'Gerät ✓ 𝔘'],
  ['utf8', ' untrimmed '],
  ['utf8', '\ufeffwith its byte order mark'],
  ['utf8', 'line\nbreak'],
  ['utf8', ''],
  ['printable', "AZaz09 '()+,-./:=?"],
  ['ia5', 'ops@example.com'],
  ['teletex', 'Gerät ÿ'],
  ['bmp', 'Gerät ✓ \uffff'],
  ['bmp', '\ud7ff\ue000'],
  ['universal', 'Gerät ✓ 𝔘'],
  ['universal', '\u{10ffff}'],
])('reads %s text %j as it is', (encoding, value) => {
  expect(textOf(encode(value, encoding))).toBe(value)
})

test.each([
  ['UTF-8 cut short', 0x0c, 'c3'],
  ['overlong UTF-8', 0x0c, 'c0af'],
  ['a surrogate in UTF-8', 0x0c, 'eda080'],
  ['UTF-8 above U+10FFFF', 0x0c, 'f4908080'],
  ['NUL in UTF-8', 0x0c, '610062'],
  ['NUL in Teletex', 0x14, '610062'],
  ['NUL in IA5', 0x16, '610062'],
  ['NUL in BMP', 0x1e, '006100000062'],
  ['NUL in Universal', 0x1c, '00000000'],
  ['NUL in Printable', 0x13, '610062'],
  ['an asterisk in Printable', 0x13, '2a'],
  ['an at sign in Printable', 0x13, '40'],
  ['an underscore in Printable', 0x13, '5f'],
  ['a newline in Printable', 0x13, '610a'],
  ['an umlaut in Printable', 0x13, 'e4'],
  ['an octet above 127 in IA5', 0x16, '80'],
  ['a BMP character cut short', 0x1e, '006100'],
  ['a high surrogate in BMP', 0x1e, 'd800'],
  ['a low surrogate in BMP', 0x1e, 'dfff'],
  ['a Universal character cut short', 0x1c, '000061'],
  ['a surrogate in Universal', 0x1c, '0000d800'],
  ['a Universal character above U+10FFFF', 0x1c, '00110000'],
  ['a NumericString', 0x12, '31'],
  ['an OCTET STRING', 0x04, '61'],
  ['an INTEGER', 0x02, '61'],
  ['a constructed UTF8String', 0x2c, '0c0161'],
])('does not read %s', (_, tag, hex) => {
  expect(() => textOf(raw(tag, hex))).toThrow(SyntaxError)
})

test('reads any text that has no NUL back from UTF-8 and Universal', () => {
  const unicode = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
  fc.assert(
    fc.property(
      unicode,
      fc.constantFrom<StringEncoding>('utf8', 'universal'),
      (value, encoding) => {
        expect(textOf(encode(value, encoding))).toBe(value)
      },
    ),
  )
})

test('reads IA5 content under any tag', () => {
  expect(ia5TextOf(raw(0x82, '612e62'))).toBe('a.b')
  expect(() => ia5TextOf(raw(0x82, '61ff'))).toThrow(SyntaxError)
  expect(() => ia5TextOf(raw(0x82, '610062'))).toThrow(SyntaxError)
})
