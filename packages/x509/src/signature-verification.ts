import { constants, type KeyObject, type VerifyKeyObjectInput } from 'node:crypto'
import { type Element, fieldsOf, innerOf, TAG } from './der-reader.ts'
import { oidOf } from './der-values.ts'

/** How Node checks a signature: the hash, and the key with its padding. */
export type Verification = { readonly hash: string; readonly key: VerifyKeyObjectInput }

type Kind = { readonly hash: string; readonly keyType: 'rsa' | 'ec' }

/** Source: RFC 4055 §5, RFC 5758 §3.2. */
const ALGORITHMS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['1.2.840.113549.1.1.11', { hash: 'sha256', keyType: 'rsa' }],
  ['1.2.840.113549.1.1.12', { hash: 'sha384', keyType: 'rsa' }],
  ['1.2.840.113549.1.1.13', { hash: 'sha512', keyType: 'rsa' }],
  ['1.2.840.10045.4.3.2', { hash: 'sha256', keyType: 'ec' }],
  ['1.2.840.10045.4.3.3', { hash: 'sha384', keyType: 'ec' }],
  ['1.2.840.10045.4.3.4', { hash: 'sha512', keyType: 'ec' }],
])
const RSASSA_PSS = '1.2.840.113549.1.1.10'
/** Source: RFC 4055 §2.1. */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
])

/**
 * How a signature with this algorithm, which has been found acceptable, is checked with this key; undefined where the key is of another kind.
 * Node takes the padding from the call and not from the algorithm, so both must be told to fit.
 * @throws {SyntaxError}
 */
export function verificationOf(algorithm: Element, key: KeyObject): Verification | undefined {
  const fields = fieldsOf(algorithm)
  const oid = oidOf(fields.next(TAG.oid))
  if (oid === RSASSA_PSS) return pssVerificationOf(fields.next(TAG.sequence), key)
  const kind = ALGORITHMS.get(oid)
  if (kind === undefined || kind.keyType !== key.asymmetricKeyType) return undefined
  return { hash: kind.hash, key: { key } }
}

/** Salt lengths are taken as they come: how much salt a signer takes is its own affair. */
function pssVerificationOf(parameters: Element, key: KeyObject): Verification | undefined {
  const algorithm = fieldsOf(innerOf(fieldsOf(parameters).next(0xa0), TAG.sequence))
  const hash = HASHES.get(oidOf(algorithm.next(TAG.oid)))
  if (hash === undefined || key.asymmetricKeyType !== 'rsa') return undefined
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return { hash, key: { key, padding, saltLength: constants.RSA_PSS_SALTLEN_AUTO } }
}
