/** Reflected polynomial of IEEE 802.3. Source: RFC 1952 §8. */
const POLYNOMIAL = 0xedb88320

const TABLE = Uint32Array.from({ length: 256 }, (_, octet) => {
  let rest = octet
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? POLYNOMIAL ^ (rest >>> 1) : rest >>> 1
  return rest
})

/**
 * The CRC-32 of some bytes, 0 to 2³² − 1. Node has one in `node:zlib`, which takes milliseconds to load; for the few KB of an answer this one takes
 * microseconds.
 */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff
  for (const octet of bytes) rest = (TABLE[(rest ^ octet) & 0xff] ?? 0) ^ (rest >>> 8)
  return ~rest >>> 0
}
