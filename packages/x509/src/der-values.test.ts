import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitString, der, integer, nothing, oid, time } from '../testing/der-writer.ts'
import { type Element, readOnly } from './der-reader.ts'
import {
  bitStringOf,
  booleanOf,
  nullOf,
  octetsOfBitString,
  oidOf,
  smallIntegerOf,
  timeOf,
  unsignedOf,
} from './der-values.ts'

const read = (hex: string): Element => readOnly(Buffer.from(hex, 'hex'))
const text = (tag: number, content: string): Element => readOnly(der(tag, Buffer.from(content)))

describe('BOOLEAN', () => {
  test.each([
    ['0101ff', true],
    ['010100', false],
  ])('%s is %s', (hex, value) => expect(booleanOf(read(hex))).toBe(value))

  test.each(['010101', '0101fe', '0100', '0102ffff', '02017f'])('%s is malformed', (hex) =>
    expect(() => booleanOf(read(hex))).toThrow(SyntaxError),
  )
})

describe('NULL', () => {
  test('has no content', () => {
    expect(() => nullOf(readOnly(nothing()))).not.toThrow()
    expect(() => nullOf(read('050100'))).toThrow(SyntaxError)
    expect(() => nullOf(read('0400'))).toThrow(SyntaxError)
  })
})

describe('INTEGER', () => {
  test.each([
    ['020100', ''],
    ['02017f', '7f'],
    ['02020080', '80'],
    ['02020100', '0100'],
  ])('%s has the octets "%s"', (hex, octets) =>
    expect(unsignedOf(read(hex)).toString('hex')).toBe(octets),
  )

  test.each([
    ['without octets', '0200'],
    ['negative', '020180'],
    ['minus one', '0201ff'],
    ['with a zero too many', '0202007f'],
    ['of another tag', '040101'],
  ])('%s is malformed', (_, hex) => expect(() => unsignedOf(read(hex))).toThrow(SyntaxError))

  test.each([0, 1, 127, 128, 255, 256, 0x7fff_ffff])('%i is a small number', (value) =>
    expect(smallIntegerOf(readOnly(integer(value)))).toBe(value),
  )

  test.each([0x8000_0000, 0x1_0000_0000, 1n << 64n, -1])('%s is not a small number', (value) =>
    expect(() => smallIntegerOf(readOnly(integer(value)))).toThrow(SyntaxError),
  )
})

describe('BIT STRING', () => {
  test.each([
    ['030100', ''],
    ['030200ff', 'ff'],
    ['03020780', '80'],
    ['030304fff0', 'fff0'],
  ])('%s has the octets "%s"', (hex, octets) =>
    expect(bitStringOf(read(hex)).toString('hex')).toBe(octets),
  )

  test.each([
    ['without its count', '0300'],
    ['with eight unused bits', '03020800'],
    ['with unused bits of nothing', '030101'],
    ['with an unused bit set', '03020781'],
    ['of another tag', '040100'],
  ])('%s is malformed', (_, hex) => expect(() => bitStringOf(read(hex))).toThrow(SyntaxError))

  test('of whole octets has no unused bits', () => {
    expect(octetsOfBitString(read('030200ff'))).toEqual(Buffer.from([0xff]))
    expect(() => octetsOfBitString(readOnly(bitString(Buffer.from([0x80]), 1)))).toThrow(
      SyntaxError,
    )
  })
})

describe('OBJECT IDENTIFIER', () => {
  test.each([
    '0.0',
    '0.39',
    '1.0',
    '1.39',
    '2.0',
    '2.5.4.3',
    '2.999.1',
    '1.2.840.113549.1.1.11',
    `1.3.${2 ** 49 - 1}`,
    `1.3.${2 ** 49}`,
    '2.25.340282366920938463463374607431768211455',
  ])('%s is read as it was written', (dotted) => expect(oidOf(readOnly(oid(dotted)))).toBe(dotted))

  test('any of a few arcs is read as it was written', () => {
    const arcs = fc.array(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), { maxLength: 3 })
    fc.assert(
      fc.property(arcs, (all) => {
        const dotted = ['2', '5', ...all].join('.')
        expect(oidOf(readOnly(oid(dotted)))).toBe(dotted)
      }),
    )
  })

  test.each([
    ['without octets', '0600'],
    ['cut short', '06022a86'],
    ['with an arc not in its shortest form', '06032a8001'],
    ['that starts with an arc not in its shortest form', '0603802a01'],
    ['with an arc of 20 octets', `06152a${'ff'.repeat(19)}7f`],
    ['of 65 octets', `0641${'2a'.repeat(65)}`],
    ['of another tag', '04012a'],
  ])('%s is malformed', (_, hex) => expect(() => oidOf(read(hex))).toThrow(SyntaxError))

  test('of 64 octets is the longest', () => {
    expect(oidOf(read(`0640${'2a'.repeat(64)}`))).toBe(`1.2${'.42'.repeat(63)}`)
  })
})

describe('time', () => {
  test.each([
    ['UTCTime in this century', 0x17, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    ['UTCTime in the last century', 0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    ['GeneralizedTime', 0x18, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    ['GeneralizedTime before 2050', 0x18, '20250228120000Z', '2025-02-28T12:00:00.000Z'],
    ['no end of validity', 0x18, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
    ['a leap day', 0x17, '240229000000Z', '2024-02-29T00:00:00.000Z'],
    ['a leap day of 2000', 0x17, '000229000000Z', '2000-02-29T00:00:00.000Z'],
  ])('%s', (_, tag, content, iso) => {
    expect(timeOf(text(tag, content)).toISOString()).toBe(iso)
  })

  test.each([
    ['a day that does not exist', 0x17, '250230000000Z'],
    ['a leap day that does not exist', 0x17, '250229000000Z'],
    ['month 13', 0x17, '251301000000Z'],
    ['month 0', 0x17, '250001000000Z'],
    ['day 0', 0x17, '250100000000Z'],
    ['hour 24', 0x17, '250101240000Z'],
    ['minute 60', 0x17, '250101006000Z'],
    ['second 60', 0x17, '250101000060Z'],
    ['no seconds', 0x17, '2501010000Z'],
    ['no time zone', 0x17, '250101000000'],
    ['another time zone', 0x17, '250101000000+0100'],
    ['a lower-case time zone', 0x17, '250101000000z'],
    ['a fraction', 0x18, '20250101000000.5Z'],
    ['UTCTime with four digits of year', 0x17, '20250101000000Z'],
    ['GeneralizedTime with two digits of year', 0x18, '250101000000Z'],
    ['letters', 0x17, 'aa0101000000Z'],
    ['a space before', 0x18, ' 20250101000000Z'],
    ['a newline after', 0x18, '20250101000000Z\n'],
    ['nothing', 0x17, ''],
    ['another type', 0x13, '250101000000Z'],
  ])('%s is malformed', (_, tag, content) => {
    expect(() => timeOf(text(tag, content))).toThrow(SyntaxError)
  })

  test('every second from 1950 to 9999 is read as it was written', () => {
    const seconds = fc.integer({ min: -631_152_000, max: 253_402_300_799 })
    fc.assert(
      fc.property(seconds, (second) => {
        const instant = new Date(second * 1000)
        expect(timeOf(readOnly(time(instant)))).toEqual(instant)
      }),
    )
  })
})
