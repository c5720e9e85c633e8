import { type Element, expectTag, malformed, TAG } from './der-reader.ts'

/**
 * Reads what is larger than a certificate: a SEQUENCE of up to 16 MiB, element by element and never as a list of all of them,
 * so that memory does not grow with what a stranger sends. Only what is asked for as large may exceed 64 KiB: everything else can
 * go on to the readers of certificates. Source: ITU-T X.690 §8.1.3, §10.1.
 */
export type LargeFields = {
  /** The next field, which must be there. @throws {SyntaxError} */
  readonly next: (tag: number) => Element
  /** The next field, of any tag, which must be there. @throws {SyntaxError} */
  readonly any: () => Element
  /** The next field if it has this tag. @throws {SyntaxError} */
  readonly optional: (tag: number) => Element | undefined
  /** The next field of any size, if it has this tag. @throws {SyntaxError} */
  readonly optionalLarge: (tag: number) => Element | undefined
  /** Nothing may be left. @throws {SyntaxError} */
  readonly end: () => void
}

/** Longest content in octets of an element that is not large: what two octets of length can say. */
const LONGEST_SMALL = 0xffff
/** Octets in which a length may be said: 3 reach 16 MiB. */
const MOST_LENGTH_OCTETS = 3

/**
 * Opens bytes that are exactly one SEQUENCE.
 * @throws {SyntaxError}
 */
export function readLarge(bytes: Buffer): Element {
  const element = largeAt(bytes, 0, bytes.length)
  if (element.end !== bytes.length) malformed('octets after the element')
  return expectTag(element, TAG.sequence)
}

/**
 * Opens a SEQUENCE to take its fields in order.
 * @throws {SyntaxError}
 */
export function largeFieldsOf(element: Element): LargeFields {
  const { bytes, contentStart, end } = expectTag(element, TAG.sequence)
  let offset = contentStart
  const take = (found: Element): Element => {
    offset = found.end
    return found
  }
  const optional = (tag: number, read: typeof largeAt) =>
    offset < end && bytes[offset] === tag ? take(read(bytes, offset, end)) : undefined
  return {
    next: (tag) => take(expectTag(smallAt(bytes, offset, end), tag)),
    any: () => take(smallAt(bytes, offset, end)),
    optional: (tag) => optional(tag, smallAt),
    optionalLarge: (tag) => optional(tag, largeAt),
    end: () => {
      if (offset !== end) malformed('fields left over')
    },
  }
}

/**
 * The elements inside a SEQUENCE one after the other, each of at most 64 KiB.
 * @throws {SyntaxError} while walking
 */
export function* smallElementsOf(element: Element): Generator<Element, void> {
  const { bytes, contentStart, end } = expectTag(element, TAG.sequence)
  for (let offset = contentStart; offset < end; ) {
    const found = smallAt(bytes, offset, end)
    yield found
    offset = found.end
  }
}

function smallAt(bytes: Buffer, start: number, limit: number): Element {
  const element = largeAt(bytes, start, limit)
  if (element.end - element.contentStart > LONGEST_SMALL) malformed('element too large')
  return element
}

function largeAt(bytes: Buffer, start: number, limit: number): Element {
  if (start + 2 > limit) malformed('element cut short')
  const tag = bytes.readUInt8(start)
  if ((tag & 0x1f) === 0x1f) malformed('tag number above 30')
  const first = bytes.readUInt8(start + 1)
  const octets = first < 0x80 ? 0 : first & 0x7f
  const contentStart = start + 2 + octets
  if (contentStart > limit) malformed('length cut short')
  const end = contentStart + (first < 0x80 ? first : longLengthAt(bytes, start + 2, octets))
  if (end > limit) malformed('content cut short')
  return { bytes, tag, start, contentStart, end }
}

function longLengthAt(bytes: Buffer, start: number, octets: number): number {
  if (octets < 1 || octets > MOST_LENGTH_OCTETS) malformed('length is indefinite or too long')
  const length = bytes.readUIntBE(start, octets)
  const shortest = octets === 1 ? 0x80 : 0x100 ** (octets - 1)
  if (length < shortest) malformed('length not in its shortest form')
  return length
}
