import { expect, test } from 'vitest'
import { integer, nothing, sequence, set } from '../testing/der-writer.ts'
import { contentOf, type Element } from './der-reader.ts'
import { largeFieldsOf, readLarge, smallElementsOf } from './revocation-list-reader.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')
/** A SEQUENCE of zeros that says its length in these octets. */
const saying = (length: string, octets: number) =>
  Buffer.concat([hex(`30${length}`), Buffer.alloc(octets)])

test.each([
  ['nothing', '00', 0],
  ['a short length', '7f', 127],
  ['a length of one octet', '8180', 128],
  ['the longest length of one octet', '81ff', 255],
  ['a length of two octets', '820100', 256],
  ['the longest length of two octets', '82ffff', 65_535],
  ['a length of three octets', '83010000', 65_536],
  ['the longest length of three octets', '83ffffff', 16_777_215],
])('reads %s', (_, length, octets) => {
  expect(contentOf(readLarge(saying(length, octets)))).toHaveLength(octets)
})

test.each([
  ['no octets', hex('')],
  ['a tag alone', hex('30')],
  ['content cut short', saying('02', 1)],
  ['octets after the element', saying('01', 2)],
  ['an indefinite length', saying('80', 2)],
  ['an indefinite length that could be taken for 128', saying('80', 128)],
  ['a length cut short', hex('3081')],
  ['a length of two octets cut short', hex('308201')],
  ['a length of three octets cut short', hex('30830100')],
  ['a long length below 128', saying('817f', 127)],
  ['a length of two octets below 256', saying('8200ff', 255)],
  ['a length of three octets below 65,536', saying('8300ffff', 65_535)],
  ['a length of four octets', saying('8401000000', 16_777_216)],
  ['a reserved length', hex('30ff00')],
  ['a tag number above 30', hex('3f00')],
  ['another tag', set()],
])('does not read %s', (_, bytes) => {
  expect(() => readLarge(bytes)).toThrow(SyntaxError)
})

test('takes fields in order, and knows when there are none left', () => {
  const fields = largeFieldsOf(readLarge(sequence(integer(1), nothing(), set(), integer(2))))
  expect(fields.optional(0x05)).toBeUndefined()
  expect(contentOf(fields.next(0x02))).toEqual(hex('01'))
  expect(fields.optionalLarge(0x31)).toBeUndefined()
  expect(fields.optional(0x05)).toMatchObject({ tag: 5 })
  expect(fields.any()).toMatchObject({ tag: 0x31 })
  expect(() => fields.end()).toThrow(SyntaxError)
  expect(fields.optionalLarge(0x02)).toMatchObject({ tag: 2 })
  expect(fields.end()).toBeUndefined()
  expect(fields.optional(0x02)).toBeUndefined()
  expect(fields.optionalLarge(0x02)).toBeUndefined()
  expect(() => fields.any()).toThrow(SyntaxError)
  expect(() => fields.next(0x02)).toThrow(SyntaxError)
})

const large = sequence(Buffer.alloc(65_536))
const small = sequence(Buffer.alloc(65_535))

test.each<[string, (fields: ReturnType<typeof largeFieldsOf>) => Element | undefined]>([
  ['next', ({ next }) => next(0x30)],
  ['any', ({ any }) => any()],
  ['optional', ({ optional }) => optional(0x30)],
])('%s takes 64 KiB less one, and no more', (_, take) => {
  expect(take(largeFieldsOf(readLarge(sequence(small))))).toMatchObject({ tag: 0x30 })
  expect(() => take(largeFieldsOf(readLarge(sequence(large))))).toThrow(SyntaxError)
})

test('takes what is large where it is asked for', () => {
  const fields = largeFieldsOf(readLarge(sequence(large)))
  expect(contentOf(fields.optionalLarge(0x30)!)).toHaveLength(65_536)
})

test('opens nothing but a SEQUENCE', () => {
  const [element] = smallElementsOf(readLarge(sequence(set(integer(1)))))
  expect(() => largeFieldsOf(element!)).toThrow(SyntaxError)
  expect(() => smallElementsOf(element!).next()).toThrow(SyntaxError)
})

test('walks through elements one by one, until one is malformed or too large', () => {
  const walked: number[] = []
  const walk = (content: Buffer) => {
    for (const { tag } of smallElementsOf(readLarge(sequence(content)))) walked.push(tag)
  }
  walk(Buffer.concat([integer(1), nothing(), set()]))
  expect(walked).toEqual([2, 5, 0x31])
  expect(() => walk(Buffer.concat([nothing(), hex('0402')]))).toThrow(SyntaxError)
  expect(() => walk(Buffer.concat([nothing(), large]))).toThrow(SyntaxError)
  expect(walked).toEqual([2, 5, 0x31, 5, 5])
})
