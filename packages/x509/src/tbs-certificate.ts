import type { CertificateFacts, PublicKeyFacts } from '@thingpass/core/certificate-facts'
import {
  type Element,
  encodingOf,
  type Fields,
  fieldsOf,
  innerOf,
  malformed,
  TAG,
} from './der-reader.ts'
import { octetsOfBitString, smallIntegerOf, timeOf, unsignedOf } from './der-values.ts'
import { attributesOf } from './distinguished-name.ts'
import { type Extensions, extensionsOf } from './extensions.ts'
import { publicKeyOf } from './public-key.ts'
import { isAcceptableSignature } from './signature-algorithm.ts'

/** The fields of a certificate as they are encoded, before anything is judged. Views of the bytes that were read. */
export type CertificateFields = Pick<
  CertificateFacts,
  'serialNumber' | 'notBefore' | 'notAfter' | 'subject' | 'issuer'
> & {
  readonly subjectDer: Buffer
  readonly issuerDer: Buffer
  /** SubjectPublicKeyInfo. */
  readonly publicKeyDer: Buffer
  /** Undefined when kind or size is not accepted. */
  readonly publicKey: PublicKeyFacts | undefined
  readonly signatureIsAcceptable: boolean
  readonly extensions: Extensions
}

/**
 * Reads a Certificate: versions 1 (which `openssl x509 -req` made for years) and 3, without unique identifiers.
 * Source: RFC 5280 §4.1.
 * @throws {SyntaxError}
 */
export function certificateFieldsOf(certificate: Element): CertificateFields {
  const fields = fieldsOf(certificate)
  const tbs = fields.next(TAG.sequence)
  const algorithm = fields.next(TAG.sequence)
  const signature = octetsOfBitString(fields.next(TAG.bitString))
  fields.end()
  if (signature.length === 0) malformed('signature without octets')
  return tbsFieldsOf(fieldsOf(tbs), algorithm)
}

function tbsFieldsOf(tbs: Fields, outerAlgorithm: Element): CertificateFields {
  const version = versionOf(tbs.optional(0xa0))
  const serialNumber = serialOf(tbs.next(TAG.integer))
  const algorithm = tbs.next(TAG.sequence)
  // Only the inner one is signed. Source: RFC 5280 §4.1.1.2.
  if (!encodingOf(algorithm).equals(encodingOf(outerAlgorithm))) malformed('two algorithms')
  const issuer = tbs.next(TAG.sequence)
  const validity = fieldsOf(tbs.next(TAG.sequence))
  const subject = tbs.next(TAG.sequence)
  const publicKey = tbs.next(TAG.sequence)
  const extensions = version === 3 ? tbs.optional(0xa3) : undefined
  tbs.end()
  return {
    serialNumber,
    ...validityOf(validity),
    subject: attributesOf(subject),
    issuer: attributesOf(issuer),
    subjectDer: encodingOf(subject),
    issuerDer: encodingOf(issuer),
    publicKeyDer: encodingOf(publicKey),
    publicKey: publicKeyOf(publicKey),
    signatureIsAcceptable: isAcceptableSignature(algorithm),
    extensions: extensions === undefined ? {} : extensionsOf(innerOf(extensions, TAG.sequence)),
  }
}

/** Version 2 exists for unique identifiers only, which RFC 5280 forbids to make. */
function versionOf(explicit: Element | undefined): 1 | 3 {
  if (explicit === undefined) return 1
  const number = smallIntegerOf(innerOf(explicit, TAG.integer))
  return number === 2 ? 3 : malformed('version other than 1 and 3')
}

/** Longest serial number in octets. Source: RFC 5280 §4.1.2.2. */
const LONGEST_SERIAL = 20

function serialOf(element: Element): string {
  const octets = unsignedOf(element)
  if (octets.length > LONGEST_SERIAL) malformed('serial number above 20 octets')
  return octets.toString('hex').replace(/^0/, '') || '0'
}

function validityOf(fields: Fields): { notBefore: Date; notAfter: Date } {
  const notBefore = timeOf(fields.any())
  const notAfter = timeOf(fields.any())
  fields.end()
  return { notBefore, notAfter }
}
