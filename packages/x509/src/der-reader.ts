/**
 * A strict reader of DER: definite lengths in their shortest form, low tag numbers, nothing left over. Everything here
 * throws SyntaxError on what it cannot read, as JSON.parse does; `readCertificate` turns that into a refusal.
 * Source: ITU-T X.690 §8, §10, §11.
 */

/** One element: where its encoding starts, where its content starts, and where both end. */
export type Element = {
  readonly bytes: Buffer
  readonly tag: number
  readonly start: number
  readonly contentStart: number
  readonly end: number
}

/** Identifier octets of the universal types that certificates use. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/**
 * Ends the reading of a malformed encoding.
 * @throws {SyntaxError} always
 */
export function malformed(what: string): never {
  throw new SyntaxError(`not the DER of a certificate: ${what}`)
}

/**
 * Reads bytes that are exactly one element.
 * @throws {SyntaxError}
 */
export function readOnly(bytes: Buffer): Element {
  const element = readAt(bytes, 0, bytes.length)
  if (element.end !== bytes.length) malformed('octets after the element')
  return element
}

/** The length of 8 KiB takes two octets; more are never needed. */
const LONGEST_LENGTH_OCTETS = 2

function readAt(bytes: Buffer, start: number, limit: number): Element {
  if (start + 2 > limit) malformed('element cut short')
  const tag = bytes.readUInt8(start)
  if ((tag & 0x1f) === 0x1f) malformed('tag number above 30')
  const first = bytes.readUInt8(start + 1)
  const isLong = first >= 0x80
  const octets = isLong ? first & 0x7f : 0
  const contentStart = start + 2 + octets
  const length = isLong ? longLength(bytes, start + 2, octets, limit) : first
  const end = contentStart + length
  if (end > limit) malformed('content cut short')
  return { bytes, tag, start, contentStart, end }
}

function longLength(bytes: Buffer, start: number, octets: number, limit: number): number {
  const countable = octets >= 1 && octets <= LONGEST_LENGTH_OCTETS && start + octets <= limit
  if (!countable) malformed('length is indefinite or too long')
  const length = bytes.readUIntBE(start, octets)
  const shortest = octets === 1 ? 0x80 : 0x100
  if (length < shortest) malformed('length not in its shortest form')
  return length
}

/** The element's content, a view. */
export function contentOf(element: Element): Buffer {
  return element.bytes.subarray(element.contentStart, element.end)
}

/** The element's whole encoding, a view. */
export function encodingOf(element: Element): Buffer {
  return element.bytes.subarray(element.start, element.end)
}

/** The elements inside a constructed one, in order. */
export function childrenOf(element: Element): readonly Element[] {
  const children: Element[] = []
  for (let offset = element.contentStart; offset < element.end; ) {
    const child = readAt(element.bytes, offset, element.end)
    children.push(child)
    offset = child.end
  }
  return children
}

/**
 * The elements inside one that must have the given tag.
 * @throws {SyntaxError}
 */
export function childrenWithin(element: Element, tag: number): readonly Element[] {
  return childrenOf(expectTag(element, tag))
}

/**
 * The element itself, when it has the given tag.
 * @throws {SyntaxError}
 */
export function expectTag(element: Element | undefined, tag: number): Element {
  if (element?.tag !== tag) malformed(`tag ${tag} expected`)
  return element
}

/** Takes the fields of a SEQUENCE one after the other. */
export type Fields = {
  /** The next field, which must be there. @throws {SyntaxError} */
  readonly next: (tag: number) => Element
  /** The next field, of any tag, which must be there. @throws {SyntaxError} */
  readonly any: () => Element
  /** The next field if it has this tag. */
  readonly optional: (tag: number) => Element | undefined
  /** Nothing may be left. @throws {SyntaxError} */
  readonly end: () => void
}

/**
 * The one element that an EXPLICIT tag holds.
 * @throws {SyntaxError} when it has another tag, or is not alone
 */
export function innerOf(explicit: Element, tag: number): Element {
  const fields = fieldsOf(explicit, explicit.tag)
  const element = fields.next(tag)
  fields.end()
  return element
}

/**
 * Opens a SEQUENCE, or what is tagged like one, to take its fields in order.
 * @throws {SyntaxError}
 */
export function fieldsOf(element: Element, tag: number = TAG.sequence): Fields {
  const children = childrenWithin(element, tag)
  let index = 0
  // Methods, because a certificate has twenty of these: SST's bundler gives every other function its name when it is made.
  return {
    next(wanted) {
      return expectTag(children[index++], wanted)
    },
    any() {
      return children[index++] ?? malformed('field missing')
    },
    optional(wanted) {
      return children[index]?.tag === wanted ? children[index++] : undefined
    },
    end() {
      if (index !== children.length) malformed('fields left over')
    },
  }
}
