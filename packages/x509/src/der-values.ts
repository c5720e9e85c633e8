import { contentOf, type Element, expectTag, malformed, TAG } from './der-reader.ts'

/**
 * BOOLEAN: `0x00` or `0xff`, nothing else.
 * @throws {SyntaxError}
 */
export function booleanOf(element: Element): boolean {
  const content = contentOf(expectTag(element, TAG.boolean))
  if (content.length !== 1) malformed('BOOLEAN of another length than 1')
  if (content[0] === 0xff) return true
  return content[0] === 0 ? false : malformed('BOOLEAN other than 0 and 255')
}

/**
 * NULL, which has no content.
 * @throws {SyntaxError}
 */
export function nullOf(element: Element): void {
  if (contentOf(expectTag(element, TAG.null)).length > 0) malformed('NULL with content')
}

/**
 * INTEGER that is not negative: its octets, big-endian, without leading zeros; zero has none.
 * @throws {SyntaxError}
 */
export function unsignedOf(element: Element): Buffer {
  const content = contentOf(expectTag(element, TAG.integer))
  const [first] = content
  if (first === undefined) malformed('INTEGER without octets')
  if (first >= 0x80) malformed('INTEGER is negative')
  if (first > 0) return content
  if (content.length > 1 && content.readUInt8(1) < 0x80)
    malformed('INTEGER not in its shortest form')
  return content.subarray(1)
}

/**
 * INTEGER from 0 to 2^31 − 1.
 * @throws {SyntaxError}
 */
export function smallIntegerOf(element: Element): number {
  const octets = unsignedOf(element)
  if (octets.length > 4) malformed('INTEGER too large')
  const value = octets.length === 0 ? 0 : octets.readUIntBE(0, octets.length)
  if (value > 0x7fff_ffff) malformed('INTEGER too large')
  return value
}

/**
 * BIT STRING: its octets; unused bits are zero, as DER wants them.
 * @throws {SyntaxError}
 */
export function bitStringOf(element: Element): Buffer {
  const content = contentOf(expectTag(element, TAG.bitString))
  const [unusedBits] = content
  const octets = content.subarray(1)
  if (unusedBits === undefined || unusedBits > 7) malformed('BIT STRING without its count')
  if (octets.length === 0 && unusedBits > 0) malformed('BIT STRING of less than no bits')
  const last = octets.at(-1) ?? 0
  if ((last & ((1 << unusedBits) - 1)) !== 0) malformed('unused bits are set')
  return octets
}

/**
 * BIT STRING that holds whole octets.
 * @throws {SyntaxError}
 */
export function octetsOfBitString(element: Element): Buffer {
  const octets = bitStringOf(element)
  if (element.bytes[element.contentStart] !== 0) malformed('BIT STRING with unused bits')
  return octets
}

/** Longest object identifier in octets, and its longest arc: 19 octets hold the 128 bits of a UUID (2.25.…). */
const LONGEST_OID = 64
const LONGEST_ARC = 19
/** An arc of up to 7 octets has 49 bits, which a number holds exactly. */
const LONGEST_NUMBER_ARC = 7

/**
 * OBJECT IDENTIFIER in dotted form.
 * @throws {SyntaxError}
 */
export function oidOf(element: Element): string {
  const content = contentOf(expectTag(element, TAG.oid))
  if (content.length === 0 || content.length > LONGEST_OID) malformed('OID of unfit length')
  const arcs: string[] = []
  let start = 0
  for (const [index, octet] of content.entries()) {
    if (octet >= 0x80) continue
    arcs.push(arcOf(content.subarray(start, index + 1)))
    start = index + 1
  }
  if (start !== content.length) malformed('OID cut short')
  return [firstArcs(Number(arcs[0])), ...arcs.slice(1)].join('.')
}

function arcOf(octets: Buffer): string {
  if (octets[0] === 0x80) malformed('arc not in its shortest form')
  if (octets.length > LONGEST_ARC) malformed('arc too large')
  if (octets.length > LONGEST_NUMBER_ARC) return bigArc(octets)
  let value = 0
  for (const octet of octets) value = value * 128 + (octet & 0x7f)
  return String(value)
}

function bigArc(octets: Buffer): string {
  let value = 0n
  for (const octet of octets) value = value * 128n + BigInt(octet & 0x7f)
  return String(value)
}

/** The first number of an encoding holds two arcs: 40 × the first (0, 1 or 2) + the second. */
function firstArcs(value: number): string {
  const first = Math.min(Math.floor(value / 40), 2)
  return `${first}.${value - first * 40}`
}

/**
 * UTCTime or GeneralizedTime in whole seconds and UTC, as RFC 5280 §4.1.2.5 narrows them; a two-digit year from 50 on is 19xx.
 * @throws {SyntaxError}
 */
export function timeOf(element: Element): Date {
  const digits = timeDigits(element)
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) ?? malformed('time in another form')
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const instant = new Date(`${text}Z`)
  // A day or an hour that does not exist rolls over; one that cannot be read at all is NaN. Both fail here.
  const exists = Number.isFinite(instant.getTime()) && instant.toISOString().startsWith(text)
  return exists ? instant : malformed('instant that does not exist')
}

function timeDigits(element: Element): string {
  const text = contentOf(element).toString('latin1')
  if (element.tag === TAG.generalizedTime) return text
  expectTag(element, TAG.utcTime)
  return `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}`
}
