import type { CaIdentity } from './cas.ts'
import type { Changed, Outcome } from './outcome.ts'

/** Longest time that a list may count beyond its next update: 30 days. Rows of a list are kept at least so long. */
export const LONGEST_GRACE_SECONDS = 2_592_000

/** The revocation list in force of a CA's key, without its entries. */
export type RevocationListDescription = {
  /** 0 to 2^160 − 1. Source: RFC 5280 §5.2.3. */
  readonly number: bigint
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  /** 0 to `LONGEST_GRACE_SECONDS`. */
  readonly graceSeconds: number
  readonly entryCount: number
  /** SHA-256 of the list's DER, lower-case hex. */
  readonly sha256: string
  /** When it came into force. */
  readonly putAt: Date
}

/** A list to put in force. The caller has parsed it, and has seen the CA's signature and that it is not out of date. */
export type NewRevocationList = Omit<RevocationListDescription, 'putAt'> & {
  /** SHA-256 of the issuer name's DER, lower-case hex. */
  readonly issuerSha256: string
  /** Each once: lower-case hex without leading zeros, at most 40 digits, `0` for zero. */
  readonly serialNumbers: () => Iterable<string>
}

/** Why a list does not take the place of the one in force. */
export type SuccessionConflict = 'list-of-other-issuer' | 'list-older' | 'list-number-reused'

/** Why a list is not taken now, or not at all, whatever list is in force. */
export type UploadConflict = 'list-being-put' | 'list-of-one-shard'

/**
 * Revocation lists. A list belongs to the key of a CA: it counts for every CA certificate of that key, and stays when CAs are deleted and
 * registered again. It is replaced, never removed: so nobody can take a revocation back but who has the CA's key.
 */
export type RevocationListWrites = {
  /**
   * Puts a list in force, at once and as a whole; the one before counts until then. The same list again changes its grace at most.
   * `key-of-several-names`: another CA of this key has another subject name, so that the list would not be its issuer's.
   * `list-being-put`: another list of this key is being put, or was and broke off in the last minute.
   * `list-of-one-shard`: so many serial numbers have the same beginning of their SHA-256 that they were sought for it.
   */
  readonly putRevocationList: (
    input: CaIdentity & { readonly list: NewRevocationList },
  ) => Promise<
    Outcome<'ca-unknown' | 'key-of-several-names' | UploadConflict | SuccessionConflict, Changed>
  >
  /** The list in force for the CA; none where its key never had one. */
  readonly getRevocationList: (
    identity: CaIdentity,
  ) => Promise<Outcome<'ca-unknown', { readonly list: RevocationListDescription | undefined }>>
  /** Whether the list in force names a serial number; undefined where there is none. */
  readonly isRevoked: (
    input: CaIdentity & { readonly serialNumber: string },
  ) => Promise<Outcome<'ca-unknown', { readonly revoked: boolean | undefined }>>
}

/** What a list is to the one in force: its first or next, the same, or one that may not take its place. */
export type Succession = 'first' | 'next' | 'same' | SuccessionConflict

/** Judges what a list is to the one in force. Numbers never go back, and one number is one list. Pure. */
export function judgeSuccession(
  list: Pick<NewRevocationList, 'number' | 'sha256' | 'issuerSha256'>,
  current: Pick<NewRevocationList, 'number' | 'sha256' | 'issuerSha256'> | undefined,
): Succession {
  if (current === undefined) return 'first'
  if (list.issuerSha256 !== current.issuerSha256) return 'list-of-other-issuer'
  if (list.number > current.number) return 'next'
  if (list.number < current.number) return 'list-older'
  return list.sha256 === current.sha256 ? 'same' : 'list-number-reused'
}
