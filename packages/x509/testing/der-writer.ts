/** A DER writer that checks nothing, so that every malformed thing can be written too. */

/** One element: identifier octet and the concatenated contents, with a definite length in its shortest form. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOctets(content.length), content])
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const octets = bytesOf(BigInt(length))
  return Buffer.concat([Buffer.from([0x80 | octets.length]), octets])
}

/** Big-endian octets of a non-negative number, at least one. */
function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

/** SEQUENCE. */
export const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents)
/** SET, in the order given. */
export const set = (...contents: readonly Uint8Array[]): Buffer => der(0x31, ...contents)
/** NULL. */
export const nothing = (): Buffer => der(0x05)
/** BOOLEAN, `0xff` for true. */
export const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]))
/** OCTET STRING. */
export const octetString = (content: Uint8Array): Buffer => der(0x04, content)
/** BIT STRING with the given number of unused bits in its last octet. */
export const bitString = (content: Uint8Array, unusedBits = 0): Buffer =>
  der(0x03, Buffer.from([unusedBits]), content)
/** Context-specific and constructed: EXPLICIT, or IMPLICIT over a constructed type. */
export const constructed = (number: number, ...contents: readonly Uint8Array[]): Buffer =>
  der(0xa0 | number, ...contents)
/** Context-specific and primitive: IMPLICIT over a primitive type. */
export const primitive = (number: number, content: Uint8Array): Buffer =>
  der(0x80 | number, content)

/** INTEGER in the fewest octets; negative numbers in two's complement. */
export function integer(value: bigint | number): Buffer {
  const number = BigInt(value)
  let width = 1n
  while (BigInt.asIntN(Number(width * 8n), number) !== number) width += 1n
  const octets = bytesOf(BigInt.asUintN(Number(width * 8n), number))
  return der(0x02, Buffer.alloc(Number(width) - octets.length), octets)
}

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(BigInt)
  const arcs = [first! * 40n + second!, ...rest]
  return der(0x06, ...arcs.map(base128))
}

function base128(arc: bigint): Buffer {
  const octets = [Number(arc & 0x7fn)]
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80)
  return Buffer.from(octets)
}

/** Character string types of a distinguished name. */
export type StringEncoding = 'utf8' | 'printable' | 'ia5' | 'teletex' | 'bmp' | 'universal'

const STRING_TYPES: Record<StringEncoding, { tag: number; encode: (text: string) => Buffer }> = {
  utf8: { tag: 0x0c, encode: (text) => Buffer.from(text, 'utf8') },
  printable: { tag: 0x13, encode: (text) => Buffer.from(text, 'latin1') },
  teletex: { tag: 0x14, encode: (text) => Buffer.from(text, 'latin1') },
  ia5: { tag: 0x16, encode: (text) => Buffer.from(text, 'latin1') },
  universal: { tag: 0x1c, encode: ucs4 },
  bmp: { tag: 0x1e, encode: (text) => Buffer.from(text, 'utf16le').swap16() },
}

function ucs4(text: string): Buffer {
  return Buffer.concat(
    Array.from(text, (character) => {
      const octets = Buffer.alloc(4)
      octets.writeUInt32BE(character.codePointAt(0)!)
      return octets
    }),
  )
}

/** A character string of the given type. */
export function characterString(text: string, encoding: StringEncoding): Buffer {
  const { tag, encode } = STRING_TYPES[encoding]
  return der(tag, encode(text))
}

/** Time as RFC 5280 wants it: UTCTime from 1950 to 2049, else GeneralizedTime. */
export function time(instant: Date): Buffer {
  const digits = `${instant.toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`
  const year = instant.getUTCFullYear()
  return year >= 1950 && year < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits))
}
