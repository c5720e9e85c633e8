import { verify } from 'node:crypto'
import { type Element, encodingOf, innerOf, malformed, TAG } from './der-reader.ts'
import { octetsOfBitString, smallIntegerOf, timeOf } from './der-values.ts'
import { attributesOf } from './distinguished-name.ts'
import { countEntries, serialNumbersOf } from './revocation-list-entries.ts'
import { numberOfList } from './revocation-list-extensions.ts'
import type { RevocationListProblem } from './revocation-list-problem.ts'
import { largeFieldsOf, readLarge } from './revocation-list-reader.ts'
import { isAcceptableSignature } from './signature-algorithm.ts'
import { verificationOf } from './signature-verification.ts'
import { importPublicKey } from './verifying-keys.ts'

export type { RevocationListProblem } from './revocation-list-problem.ts'

/**
 * A complete certificate revocation list, read whole and once. Who issued it, and whether it is still in force, are for the caller
 * to judge: a name proves nothing, only `isSignedBy` does.
 */
export type RevocationList = {
  /** The issuer's Name. */
  readonly issuerDer: Uint8Array
  /** From 0 to 2^160 − 1; a later list has a higher one. */
  readonly number: bigint
  readonly thisUpdate: Date
  /** Later than `thisUpdate`. */
  readonly nextUpdate: Date
  readonly entryCount: number
  /** Each revoked serial number once, in the list's order: lower-case hex without leading zeros, `0` for zero, as in CertificateFacts. */
  readonly serialNumbers: () => Iterable<string>
  /** Whether the key (SubjectPublicKeyInfo DER) made the list's signature; false for whatever is not a key. Names are not looked at. */
  readonly isSignedBy: (publicKey: Uint8Array) => boolean
}

/** A revocation list, or why it is none that can be relied on. */
export type RevocationListParse = RevocationList | { readonly problem: RevocationListProblem }

/** Largest list in octets: some 150,000 entries with 20-octet serial numbers and reasons. */
const LARGEST_DER = 8 * 1024 * 1024

/**
 * Parses exactly one revocation list in DER: version 2, complete, direct, with number and next update, of at most 8 MiB and
 * 200,000 entries. Takes time and memory in proportion to the bytes, and keeps a copy of them. Never throws. Source: RFC 5280 §5.
 */
export function parseRevocationList(bytes: Uint8Array): RevocationListParse {
  if (bytes.length > LARGEST_DER) return { problem: 'too-large' }
  try {
    // A copy: what was verified must be what is read later, whatever becomes of the caller's bytes.
    return judge(fieldsOfList(readLarge(Buffer.from(bytes))))
  } catch {
    return { problem: 'not-a-crl' } // whatever a reader stumbles over
  }
}

type Fields = {
  /** What the signature is over. */
  readonly signed: Buffer
  readonly algorithm: Element
  readonly outerAlgorithm: Element
  readonly signature: Buffer
  readonly version: Element | undefined
  readonly issuer: Element
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
  /** Absent where nothing is revoked. */
  readonly entries: Element | undefined
  readonly extensions: Element | undefined
}

function fieldsOfList(list: Element): Fields {
  const fields = largeFieldsOf(list)
  const signed = fields.optionalLarge(TAG.sequence) ?? malformed('nothing signed')
  const outerAlgorithm = fields.next(TAG.sequence)
  const signature = octetsOfBitString(fields.next(TAG.bitString))
  fields.end()
  return { signed: encodingOf(signed), outerAlgorithm, signature, ...signedFieldsOf(signed) }
}

function signedFieldsOf(signed: Element): Omit<Fields, 'signed' | 'outerAlgorithm' | 'signature'> {
  const fields = largeFieldsOf(signed)
  const version = fields.optional(TAG.integer)
  const algorithm = fields.next(TAG.sequence)
  const issuer = fields.next(TAG.sequence)
  if (attributesOf(issuer).length === 0) malformed('issuer without a name')
  const thisUpdate = timeOf(fields.any())
  const nextUpdate = fields.optional(TAG.utcTime) ?? fields.optional(TAG.generalizedTime)
  const entries = fields.optionalLarge(TAG.sequence)
  const extensions = fields.optional(0xa0)
  fields.end()
  return {
    ...{ version, algorithm, issuer, thisUpdate, entries },
    nextUpdate: nextUpdate && timeOf(nextUpdate),
    extensions: extensions && innerOf(extensions, TAG.sequence),
  }
}

/** Version 2 is written as 1. Source: RFC 5280 §5.1.2.1. */
const VERSION_2 = 1

function judge(fields: Fields): RevocationListParse {
  const { version, nextUpdate, extensions, entries } = fields
  if (version === undefined || smallIntegerOf(version) !== VERSION_2) return { problem: 'version' }
  const algorithmProblem = problemOfAlgorithms(fields)
  if (algorithmProblem !== undefined) return { problem: algorithmProblem }
  if (nextUpdate === undefined) return { problem: 'no-next-update' }
  const lasts = fields.thisUpdate < nextUpdate
  if (!lasts) return { problem: 'next-update-not-later' }
  const number = extensions === undefined ? 'no-number' : numberOfList(extensions)
  if (typeof number === 'string') return { problem: number }
  const entryCount = entries === undefined ? 0 : countEntries(entries)
  if (typeof entryCount === 'string') return { problem: entryCount }
  return listOf(fields, { number, nextUpdate, entryCount })
}

/** Only the inner one is signed, so both must be the same. Source: RFC 5280 §5.1.1.2. */
function problemOfAlgorithms(fields: Fields): RevocationListProblem | undefined {
  const { algorithm, outerAlgorithm } = fields
  const areSame = encodingOf(algorithm).equals(encodingOf(outerAlgorithm))
  if (!areSame) return 'signature-algorithms-differ'
  return isAcceptableSignature(algorithm) ? undefined : 'signature-algorithm'
}

function listOf(
  fields: Fields,
  judged: Pick<RevocationList, 'number' | 'nextUpdate' | 'entryCount'>,
): RevocationList {
  const { entries } = fields
  return {
    ...judged,
    issuerDer: Uint8Array.from(encodingOf(fields.issuer)),
    thisUpdate: fields.thisUpdate,
    serialNumbers: () => (entries === undefined ? [] : serialNumbersOf(entries)),
    isSignedBy: (publicKey) => isSignedBy(fields, publicKey),
  }
}

function isSignedBy({ algorithm, signed, signature }: Fields, publicKey: Uint8Array): boolean {
  const key = importPublicKey(publicKey)
  const verification = key && verificationOf(algorithm, key)
  if (verification === undefined) return false
  try {
    return verify(verification.hash, signed, verification.key, signature)
  } catch {
    return false
  }
}
