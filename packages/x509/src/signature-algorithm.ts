import { type Element, type Fields, fieldsOf, innerOf, TAG } from './der-reader.ts'
import { nullOf, oidOf } from './der-values.ts'

/** SHA-256, SHA-384 and SHA-512 with RSA PKCS #1 v1.5. Source: RFC 4055 §5. */
const RSA: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
])
/** ECDSA with SHA-256, SHA-384 and SHA-512. Source: RFC 5758 §3.2. */
const ECDSA: ReadonlySet<string> = new Set([
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
])
const RSASSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'
/** SHA-256, SHA-384 and SHA-512. Source: RFC 4055 §2.1. */
const HASHES: ReadonlySet<string> = new Set([
  '2.16.840.1.101.3.4.2.1',
  '2.16.840.1.101.3.4.2.2',
  '2.16.840.1.101.3.4.2.3',
])

/**
 * Whether a signature algorithm is accepted: RSA (PKCS #1 v1.5 or PSS) or ECDSA, with SHA-256, SHA-384 or SHA-512.
 * Source: AWS IoT developer guide, x509-client-certs; DSA is left out.
 * @throws {SyntaxError}
 */
export function isAcceptableSignature(algorithm: Element): boolean {
  const fields = fieldsOf(algorithm)
  const oid = oidOf(fields.next(TAG.oid))
  if (oid === RSASSA_PSS) return isAcceptablePss(fields)
  if (RSA.has(oid)) skipNull(fields)
  else if (!ECDSA.has(oid)) return false
  fields.end()
  return true
}

/** Parameters of RSA and of hashes are NULL, and readers must accept their absence. Source: RFC 4055 §2.1, §5. */
function skipNull(fields: Fields): void {
  const parameters = fields.optional(TAG.null)
  if (parameters !== undefined) nullOf(parameters)
}

/**
 * Both hashes must be named, for their default is SHA-1, and be the same one. Salt length and trailer are left to OpenSSL,
 * which verifies by them. Source: RFC 4055 §3.1.
 */
function isAcceptablePss(algorithm: Fields): boolean {
  const parameters = fieldsOf(algorithm.next(TAG.sequence))
  algorithm.end()
  const hash = parameters.optional(0xa0)
  const mask = parameters.optional(0xa1)
  parameters.optional(0xa2)
  parameters.optional(0xa3)
  parameters.end()
  if (hash === undefined || mask === undefined) return false
  const oid = hashOf(innerOf(hash, TAG.sequence))
  return HASHES.has(oid) && maskHashOf(innerOf(mask, TAG.sequence)) === oid
}

function hashOf(algorithm: Element): string {
  const fields = fieldsOf(algorithm)
  const oid = oidOf(fields.next(TAG.oid))
  skipNull(fields)
  fields.end()
  return oid
}

/** The hash of MGF1, or undefined for another mask generation function. */
function maskHashOf(algorithm: Element): string | undefined {
  const fields = fieldsOf(algorithm)
  const oid = oidOf(fields.next(TAG.oid))
  if (oid !== MGF1) return undefined
  const hash = fields.next(TAG.sequence)
  fields.end()
  return hashOf(hash)
}
