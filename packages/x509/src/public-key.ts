import type { PublicKeyFacts } from '@thingpass/core/certificate-facts'
import { type Element, fieldsOf, readOnly, TAG } from './der-reader.ts'
import { nullOf, octetsOfBitString, oidOf, unsignedOf } from './der-values.ts'

/** Smallest and largest RSA modulus in bits. API Gateway asks for 2048; above 8192 a check of a signature costs too much. */
const RSA_BITS = { least: 2048, most: 8192 }
/** Largest RSA exponent in octets, for the same reason; OpenSSL draws this line too, for moduli above 3072 bits. */
const LONGEST_EXPONENT = 8

const CURVES: ReadonlyMap<string, Extract<PublicKeyFacts, { type: 'ec' }>> = new Map([
  ['1.2.840.10045.3.1.7', { type: 'ec', curve: 'P-256', bits: 256 }],
  ['1.3.132.0.34', { type: 'ec', curve: 'P-384', bits: 384 }],
  ['1.3.132.0.35', { type: 'ec', curve: 'P-521', bits: 521 }],
])

/**
 * Reads a SubjectPublicKeyInfo; undefined when the key is well encoded, but of a kind or size that is not accepted: RSA of
 * 2048–8192 bits (rsaEncryption) and P-256, P-384, P-521 by name with a whole point are. Each key has one encoding that is read here: whose a key
 * is, and which revocation list counts for it, hang on the hash of its encoding. Source: RFC 3279 §2.3, RFC 5480 §2.
 * @throws {SyntaxError}
 */
export function publicKeyOf(element: Element): PublicKeyFacts | undefined {
  const fields = fieldsOf(element)
  const algorithm = fieldsOf(fields.next(TAG.sequence))
  const key = octetsOfBitString(fields.next(TAG.bitString))
  fields.end()
  const kind = oidOf(algorithm.next(TAG.oid))
  if (kind === '1.2.840.113549.1.1.1') {
    nullOf(algorithm.next(TAG.null))
    algorithm.end()
    return rsaKeyOf(key)
  }
  if (kind !== '1.2.840.10045.2.1') return undefined
  const parameters = algorithm.any()
  algorithm.end()
  // Explicit curve parameters can imitate another's key (CVE-2020-0601).
  return parameters.tag === TAG.oid ? ecKeyOf(oidOf(parameters), key) : undefined
}

function rsaKeyOf(key: Buffer): PublicKeyFacts | undefined {
  const fields = fieldsOf(readOnly(key))
  const modulus = unsignedOf(fields.next(TAG.integer))
  const exponent = unsignedOf(fields.next(TAG.integer))
  fields.end()
  const bits = bitLength(modulus)
  const fit = bits >= RSA_BITS.least && bits <= RSA_BITS.most && isOdd(modulus)
  return fit && isFitExponent(exponent) ? { type: 'rsa', bits } : undefined
}

function bitLength(octets: Buffer): number {
  return octets.length * 8 - (Math.clz32(octets[0] ?? 0) - 24)
}

function isOdd(octets: Buffer): boolean {
  return ((octets.at(-1) ?? 0) & 1) === 1
}

/** Odd and above 1: with 1, every message is its own signature. */
function isFitExponent(exponent: Buffer): boolean {
  return isOdd(exponent) && exponent.length <= LONGEST_EXPONENT && bitLength(exponent) > 1
}

/**
 * The point must be whole: compressed or hybrid, the same key would have a second encoding. RFC 5480 §2.2 wants whole ones
 * supported and forbids hybrid ones. Whether the point lies on the curve shows when it is used. Source: SEC 1 §2.3.3.
 */
function ecKeyOf(oid: string, point: Buffer): PublicKeyFacts | undefined {
  const curve = CURVES.get(oid)
  if (curve === undefined) return undefined
  const octets = Math.ceil(curve.bits / 8)
  const whole = point[0] === 4 && point.length === 1 + 2 * octets
  return whole ? curve : undefined
}
