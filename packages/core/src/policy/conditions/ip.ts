/** An address as a number of 32 or 128 bits. */
export type IpAddress = { readonly bits: 32 | 128; readonly value: bigint }

/** A CIDR range. */
export type IpRange = IpAddress & { readonly prefix: number }

const IPV6_GROUPS = 8
const BITS_PER_GROUP = 16n
const DECIMAL = /^(?:0|[1-9]\d{0,2})$/
const HEX_GROUP = /^[0-9a-fA-F]{1,4}$/

/** Parses an IPv4 address (four decimal numbers without leading zeros) or an IPv6 address (RFC 4291 §2.2, no zone). */
export function parseIpAddress(text: string): IpAddress | undefined {
  const bits = text.includes(':') ? 128 : 32
  const value = bits === 128 ? parseIpv6(text) : parseIpv4(text)
  return value === undefined ? undefined : { bits, value }
}

/** Parses a CIDR range; without prefix it is the one address. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/')
  const address = parseIpAddress(slash === -1 ? text : text.slice(0, slash))
  if (address === undefined) return undefined
  if (slash === -1) return { ...address, prefix: address.bits }
  const prefix = text.slice(slash + 1)
  const valid = DECIMAL.test(prefix) && Number(prefix) <= address.bits
  return valid ? { ...address, prefix: Number(prefix) } : undefined
}

/** Whether the address lies in the range; an address of the other family never does. */
export function isInRange(address: IpAddress, range: IpRange): boolean {
  const hostBits = BigInt(range.bits - range.prefix)
  return address.bits === range.bits && address.value >> hostBits === range.value >> hostBits
}

function parseIpv4(text: string): bigint | undefined {
  const bytes = text.split('.')
  const valid =
    bytes.length === 4 && bytes.every((byte) => DECIMAL.test(byte) && Number(byte) < 256)
  return valid ? bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n) : undefined
}

function parseIpv6(text: string): bigint | undefined {
  const hex = text.includes('.') ? withoutIpv4Tail(text) : text
  if (hex === undefined) return undefined
  const gapAt = hex.indexOf('::')
  const before = groupsOf(gapAt === -1 ? hex : hex.slice(0, gapAt))
  const after = gapAt === -1 ? [] : groupsOf(hex.slice(gapAt + 2))
  const gap = IPV6_GROUPS - before.length - after.length
  const gapFits = gapAt === -1 ? gap === 0 : gap > 0
  if (!gapFits) return undefined
  const groups = [...before, ...Array<string>(gap).fill('0'), ...after]
  if (!groups.every((group) => HEX_GROUP.test(group))) return undefined
  return groups.reduce((value, group) => (value << BITS_PER_GROUP) + BigInt(`0x${group}`), 0n)
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':')
}

/** Writes the IPv4 part at the end (`::ffff:192.0.2.1`) as two groups; `undefined` = there is none. */
function withoutIpv4Tail(text: string): string | undefined {
  const start = text.lastIndexOf(':') + 1
  const value = parseIpv4(text.slice(start))
  if (value === undefined) return undefined
  const high = value >> BITS_PER_GROUP
  const low = value & 0xffffn
  return `${text.slice(0, start)}${high.toString(16)}:${low.toString(16)}`
}
