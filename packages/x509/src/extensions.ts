import type { CertificateFacts } from '@thingpass/core/certificate-facts'
import {
  childrenWithin,
  contentOf,
  type Element,
  expectTag,
  fieldsOf,
  malformed,
  readOnly,
  TAG,
} from './der-reader.ts'
import { bitStringOf, booleanOf, oidOf, smallIntegerOf } from './der-values.ts'
import { type GeneralNames, generalNamesOf } from './general-names.ts'

/** What the extensions say that are understood here. */
export type Extensions = Pick<
  CertificateFacts,
  'subjectKeyId' | 'authorityKeyId' | 'basicConstraints' | 'keyUsage' | 'extendedKeyUsage'
> & {
  readonly subjectAlternativeNames?: GeneralNames
  readonly issuerAlternativeNames?: GeneralNames
}

type Reader = (value: Element) => Extensions

/** By OID. Source: RFC 5280 §4.2.1. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['2.5.29.14', (value) => ({ subjectKeyId: keyIdOf(expectTag(value, TAG.octetString)) })],
  ['2.5.29.15', (value) => ({ keyUsage: keyUsageOf(value) })],
  ['2.5.29.17', (value) => ({ subjectAlternativeNames: generalNamesOf(value) })],
  ['2.5.29.18', (value) => ({ issuerAlternativeNames: generalNamesOf(value) })],
  ['2.5.29.19', (value) => ({ basicConstraints: basicConstraintsOf(value) })],
  ['2.5.29.35', authorityKeyIdOf],
  ['2.5.29.37', (value) => ({ extendedKeyUsage: childrenWithin(value, TAG.sequence).map(oidOf) })],
])

/**
 * Reads the Extensions of a certificate. One that comes twice is malformed: readers differ in which they take. So is a
 * critical one that is not understood here, name constraints among them. Source: RFC 5280 §4.2.
 * @throws {SyntaxError}
 */
export function extensionsOf(element: Element): Extensions {
  const seen = new Set<string>()
  const all = childrenWithin(element, TAG.sequence).map((extension) => extensionOf(extension, seen))
  if (all.length === 0) malformed('empty list of extensions')
  return Object.assign({}, ...all)
}

function extensionOf(extension: Element, seen: Set<string>): Extensions {
  const fields = fieldsOf(extension)
  const oid = oidOf(fields.next(TAG.oid))
  if (seen.has(oid)) malformed('extension twice')
  seen.add(oid)
  // `critical: FALSE` is a default that DER leaves out, but devices in the field carry it.
  const flag = fields.optional(TAG.boolean)
  const critical = flag !== undefined && booleanOf(flag)
  const value = contentOf(fields.next(TAG.octetString))
  fields.end()
  const reader = READERS.get(oid)
  if (reader !== undefined) return reader(readOnly(value))
  return critical ? malformed('unknown critical extension') : {}
}

function keyIdOf(element: Element): string {
  const content = contentOf(element)
  return content.length > 0 ? content.toString('hex') : malformed('key id without octets')
}

/** Issuer name and serial number in the extension are passed over: a serial names no key. */
function authorityKeyIdOf(element: Element): Extensions {
  const fields = fieldsOf(element)
  const keyId = fields.optional(0x80)
  fields.optional(0xa1)
  fields.optional(0x82)
  fields.end()
  return keyId === undefined ? {} : { authorityKeyId: keyIdOf(keyId) }
}

function basicConstraintsOf(element: Element): { ca: boolean; pathLength?: number } {
  const fields = fieldsOf(element)
  // `cA: FALSE` is another default that devices in the field carry.
  const flag = fields.optional(TAG.boolean)
  const limit = fields.optional(TAG.integer)
  fields.end()
  const ca = flag !== undefined && booleanOf(flag)
  return limit === undefined ? { ca } : { ca, pathLength: smallIntegerOf(limit) }
}

/** In order of their bits. Source: RFC 5280 §4.2.1.3. */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

function keyUsageOf(element: Element): readonly string[] {
  const octets = bitStringOf(element)
  return KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0)
}
