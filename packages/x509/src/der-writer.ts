/**
 * Writes DER: definite lengths in their shortest form. Only what a certificate of ours has.
 * Source: ITU-T X.690 §8, §10, §11.
 */

import { TAG } from './der-reader.ts'

/** One element: identifier octet and the concatenated contents. */
export function derElement(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOctets(content.length), content])
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  if (length < 0x100) return Buffer.from([0x81, length])
  if (length < 0x1_0000) return Buffer.from([0x82, length >> 8, length & 0xff])
  throw new RangeError('no certificate has an element of 64 KiB')
}

/** SEQUENCE. */
export const derSequence = (...contents: readonly Uint8Array[]): Buffer =>
  derElement(TAG.sequence, ...contents)

/** SET OF one element, which needs no order. */
export const derSet = (content: Uint8Array): Buffer => derElement(TAG.set, content)

/** TRUE. */
export const derTrue = (): Buffer => derElement(TAG.boolean, Buffer.from([0xff]))

/** OCTET STRING. */
export const derOctets = (content: Uint8Array): Buffer => derElement(TAG.octetString, content)

/** BIT STRING; `unusedBits` of its last octet are zero and do not count. */
export const derBits = (content: Uint8Array, unusedBits = 0): Buffer =>
  derElement(TAG.bitString, Buffer.from([unusedBits]), content)

/** UTF8String. */
export const derText = (text: string): Buffer => derElement(TAG.utf8String, Buffer.from(text))

/** INTEGER from its octets, which are the shortest of a number that is not negative. */
export const derInteger = (octets: Uint8Array): Buffer => derElement(TAG.integer, octets)

/** OBJECT IDENTIFIER from its dotted form, of arcs below 2^31 and a first pair below 128. */
export function derOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return derElement(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(arc: number): readonly number[] {
  const octets = [arc & 0x7f]
  for (let rest = arc >> 7; rest > 0; rest >>= 7) octets.unshift((rest & 0x7f) | 0x80)
  return octets
}

/** Time in whole seconds, UTCTime until 2049, GeneralizedTime from then on. Source: RFC 5280 §4.1.2.5. */
export function derTime(instant: Date): Buffer {
  const digits = `${instant.toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`
  return instant.getUTCFullYear() < 2050
    ? derElement(TAG.utcTime, Buffer.from(digits.slice(2)))
    : derElement(TAG.generalizedTime, Buffer.from(digits))
}
