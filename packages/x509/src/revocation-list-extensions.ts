import {
  childrenWithin,
  contentOf,
  type Element,
  fieldsOf,
  malformed,
  readOnly,
  TAG,
} from './der-reader.ts'
import { booleanOf, oidOf, unsignedOf } from './der-values.ts'
import type { RevocationListProblem } from './revocation-list-problem.ts'

type Extension = { readonly critical: boolean; readonly value: Buffer }
type Extensions = ReadonlyMap<string, Extension>

/** By OID. Source: RFC 5280 §5.2, §5.3. */
const CRL_NUMBER = '2.5.29.20'
const REASON_CODE = '2.5.29.21'
const DELTA_CRL_INDICATOR = '2.5.29.27'
const ISSUING_DISTRIBUTION_POINT = '2.5.29.28'
const CERTIFICATE_ISSUER = '2.5.29.29'
/** Passed over, whatever it says: the key that verifies a list is looked up by nothing that the list says. */
const AUTHORITY_KEY_ID = '2.5.29.35'

/** What may be critical in a list, for it is understood or needs no understanding. */
const KNOWN_IN_LISTS: ReadonlySet<string> = new Set([
  CRL_NUMBER,
  ISSUING_DISTRIBUTION_POINT,
  AUTHORITY_KEY_ID,
])
const KNOWN_IN_ENTRIES: ReadonlySet<string> = new Set([REASON_CODE])

/**
 * The number of a list, or what its extensions make of it that cannot be relied on.
 * @throws {SyntaxError}
 */
export function numberOfList(element: Element): bigint | RevocationListProblem {
  const extensions = extensionsOf(element)
  if (extensions.has(DELTA_CRL_INDICATOR)) return 'delta'
  if (hasUnknownCritical(extensions, KNOWN_IN_LISTS)) return 'unknown-critical-extension'
  const scope = extensions.get(ISSUING_DISTRIBUTION_POINT)
  const problem = scope && problemOfScope(readOnly(scope.value))
  if (problem !== undefined) return problem
  const number = extensions.get(CRL_NUMBER)
  return number === undefined ? 'no-number' : numberOf(readOnly(number.value))
}

/**
 * What the extensions of an entry make of its list that cannot be relied on.
 * @throws {SyntaxError}
 */
export function problemOfEntry(element: Element): RevocationListProblem | undefined {
  const extensions = extensionsOf(element)
  if (extensions.has(CERTIFICATE_ISSUER)) return 'indirect'
  if (hasUnknownCritical(extensions, KNOWN_IN_ENTRIES)) return 'unknown-critical-extension'
  const reason = extensions.get(REASON_CODE)
  return reason && reasonOf(readOnly(reason.value)) === REMOVE_FROM_CRL
    ? 'remove-from-crl'
    : undefined
}

/** One that comes twice is malformed, as in certificates. */
function extensionsOf(element: Element): Extensions {
  const extensions = new Map<string, Extension>()
  for (const extension of childrenWithin(element, TAG.sequence)) {
    const fields = fieldsOf(extension)
    const oid = oidOf(fields.next(TAG.oid))
    const flag = fields.optional(TAG.boolean)
    const critical = flag !== undefined && booleanOf(flag)
    if (flag !== undefined && !critical) malformed('a default written out')
    if (extensions.has(oid)) malformed('extension twice')
    extensions.set(oid, { critical, value: contentOf(fields.next(TAG.octetString)) })
    fields.end()
  }
  return extensions.size > 0 ? extensions : malformed('empty list of extensions')
}

function hasUnknownCritical(extensions: Extensions, known: ReadonlySet<string>): boolean {
  return [...extensions].some(([oid, { critical }]) => critical && !known.has(oid))
}

/** Longest number in octets. Source: RFC 5280 §5.2.3. */
const LONGEST_NUMBER = 20

function numberOf(element: Element): bigint | RevocationListProblem {
  const isNegative = element.tag === TAG.integer && (contentOf(element)[0] ?? 0) >= 0x80
  if (isNegative) return 'number'
  const octets = unsignedOf(element)
  return octets.length <= LONGEST_NUMBER ? BigInt(`0x0${octets.toString('hex')}`) : 'number'
}

/**
 * A list must speak of every certificate that its issuer gave to devices, and for every reason. `onlyContainsUserCerts` does: no
 * device is a CA. A list with a distribution point may be one part of many, each for the certificates that name it, as those of AWS
 * Private CA are where they are partitioned: one part for all would leave most revoked certificates out.
 * Source: RFC 5280 §5.2.5; AWS Private CA User Guide, "CRL types".
 */
function problemOfScope(element: Element): RevocationListProblem | undefined {
  const fields = fieldsOf(element)
  const distributionPoint = fields.optional(0xa0)
  const onlyUserCertificates = flagOf(fields.optional(0x81))
  const onlyCaCertificates = flagOf(fields.optional(0x82))
  const onlySomeReasons = fields.optional(0x83) !== undefined
  const isIndirect = flagOf(fields.optional(0x84))
  const onlyAttributeCertificates = flagOf(fields.optional(0x85))
  fields.end()
  if (isIndirect) return 'indirect'
  const isPartial = onlyCaCertificates || onlySomeReasons || onlyAttributeCertificates
  if (isPartial) return 'partial'
  if (distributionPoint !== undefined) return 'distribution-point'
  return onlyUserCertificates ? undefined : malformed('scope that says nothing')
}

/** An IMPLICIT BOOLEAN, false where it is left out. */
function flagOf(element: Element | undefined): boolean {
  if (element === undefined) return false
  const isTrue = booleanOf({ ...element, tag: TAG.boolean })
  return isTrue || malformed('a default written out')
}

const ENUMERATED = 0x0a
const REMOVE_FROM_CRL = 8
/** There is no 7. Source: RFC 5280 §5.3.1. */
const REASONS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6, 8, 9, 10])

function reasonOf(element: Element): number {
  const [reason, ...rest] = contentOf(element)
  const isKnown = element.tag === ENUMERATED && reason !== undefined && rest.length === 0
  return isKnown && REASONS.has(reason) ? reason : malformed('unknown reason')
}
