import { describe, expect, test } from 'vitest'
import { parseBase64 } from './binary.ts'
import { parseBool } from './bool.ts'
import { parseInstant } from './date.ts'
import { parseNumber } from './numeric.ts'

describe('parseNumber', () => {
  test.each([
    ['0', 0],
    ['10', 10],
    ['-3', -3],
    ['1.50', 1.5],
    ['12.75', 12.75],
    ['1e3', 1000],
    ['1E+21', 1e21],
    ['5e-12', 5e-12],
  ])('%s is %d', (text, value) => {
    expect(parseNumber(text)).toBe(value)
  })

  test.each(['', ' 1', '1 ', '10abc', 'abc10', '1.', '.5', '--1', '+1', '0x10', '1e', '1ex', 'e1'])(
    '%j is no number',
    (text) => {
      expect(parseNumber(text)).toBe(undefined)
    },
  )

  test.each(['1e999', '-1e999', 'Infinity', 'NaN'])('%s is no number', (text) => {
    expect(parseNumber(text)).toBe(undefined)
  })
})

describe('parseInstant', () => {
  test.each([
    ['2020-01-01T00:00:00Z', Date.UTC(2020, 0, 1)],
    ['2020-01-01', Date.UTC(2020, 0, 1)],
    ['2020-12-31', Date.UTC(2020, 11, 31)],
    ['2020-10-05', Date.UTC(2020, 9, 5)],
    ['2020-02-29T23:59:59Z', Date.UTC(2020, 1, 29, 23, 59, 59)],
    ['2020-01-01T10:30Z', Date.UTC(2020, 0, 1, 10, 30)],
    ['2020-01-01T00:00:00.250Z', Date.UTC(2020, 0, 1, 0, 0, 0, 250)],
    ['2020-01-01T00:00:00.5Z', Date.UTC(2020, 0, 1, 0, 0, 0, 500)],
    ['2020-01-01T00:00:00.123456789Z', Date.UTC(2020, 0, 1, 0, 0, 0, 123)],
    ['2020-01-01T00:00:00-05:00', Date.UTC(2020, 0, 1, 5)],
    ['2020-01-01T20:30:00+05:30', Date.UTC(2020, 0, 1, 15)],
    ['2020-01-01T12:00:00+23:59', Date.UTC(2019, 11, 31, 12, 1)],
    ['1577836800', Date.UTC(2020, 0, 1)],
    ['1577836800.5', Date.UTC(2020, 0, 1, 0, 0, 0, 500)],
    ['1577836800.25', Date.UTC(2020, 0, 1, 0, 0, 0, 250)],
    ['0', 0],
    ['-1', -1000],
    ['253402300799', Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])('%s', (text, milliseconds) => {
    expect(parseInstant(text)).toBe(milliseconds)
  })

  test.each([
    '',
    'yesterday',
    '2020',
    '2020-01',
    '2020-1-1',
    '2020-00-01',
    '2020-13-01',
    '2020-01-00',
    '2020-01-32',
    '2020-02-30',
    '2021-02-29',
    '2020-01-01T00:00:00',
    '2020-01-01T00Z',
    '2020-01-01T24:00:00Z',
    '2020-01-01T30:00:00Z',
    '2020-01-01T00:60:00Z',
    '2020-01-01T00:00:60Z',
    '2020-01-01T00:00:00.Z',
    '2020-01-01T00:00:00+0500',
    '2020-01-01T00:00:00+24:00',
    '2020-01-01T00:00:00+30:00',
    '2020-01-01T00:00:00+05:60',
    '2020-01-01T00:00:00-0530',
    '2020-01-01 00:00:00Z',
    'x2020-01-01',
    '2020-01-012020-01-01',
    '2020-01-01x',
    '12020-01-01',
    '2020-01-01T00:00:00Zx',
    '1577836800Z',
    '1e9',
    '1234567890123',
    '1577836800.',
    'x1577836800',
  ])('%j is no date', (text) => {
    const read = parseInstant(text)
    // A bare year is epoch seconds, as every other row of digits.
    expect(read).toBe(text === '2020' ? 2020_000 : undefined)
  })
})

describe('parseBool', () => {
  test.each([
    ['true', true],
    ['True', true],
    ['FALSE', false],
    ['false', false],
    ['', undefined],
    ['1', undefined],
    ['yes', undefined],
  ])('%j: %s', (text, value) => {
    expect(parseBool(text)).toBe(value)
  })
})

describe('parseBase64', () => {
  test.each([
    ['QUJD', 'QUJD'],
    ['QUI=', 'QUJ='],
    ['QQ==', 'QR=='],
    ['QQ==', 'Qf=='],
    ['+/+/', '+/+/'],
    ['QUJDQQ==', 'QUJDQR=='],
    ['', ''],
  ])('%s and %s are the same bytes', (one, other) => {
    expect(parseBase64(one)).toBeDefined()
    expect(parseBase64(one)).toBe(parseBase64(other))
  })

  test.each([
    ['QUJD', 'QUJE'],
    ['QUI=', 'QUM='],
    ['QQ==', 'Qg=='],
    ['QQ==', 'RQ=='],
    ['QUJD', 'QUJDQUJD'],
    ['', 'AAAA'],
    ['AA==', 'AAA='],
  ])('%s and %s are other bytes', (one, other) => {
    expect(parseBase64(one)).not.toBe(parseBase64(other))
  })

  test.each(['Q', 'QQ', 'QQ=', 'Q===', '====', 'QQ==QQ==', 'QU-_', 'QUJD\n', ' QUJD', 'QQ==x'])(
    '%j is no base64',
    (text) => {
      expect(parseBase64(text)).toBe(undefined)
    },
  )
})
