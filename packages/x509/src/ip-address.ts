import { malformed } from './der-reader.ts'

/**
 * An IP address as text: IPv4 dotted, IPv6 in its one canonical form. Source: RFC 5952 §4.
 * @throws {SyntaxError} unless it has 4 or 16 octets
 */
export function ipAddressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.')
  if (octets.length !== 16) malformed('IP address of neither 4 nor 16 octets')
  return ipv6Text(Buffer.from(octets))
}

function ipv6Text(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(index * 2))
  const { start, length } = longestZeros(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 }
  let run = { start: 0, length: 0 }
  for (const [index, group] of groups.entries()) {
    run = group === 0 ? { ...run, length: run.length + 1 } : { start: index + 1, length: 0 }
    if (run.length > longest.length) longest = run
  }
  return longest
}
