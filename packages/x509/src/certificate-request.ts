import { verify } from 'node:crypto'
import {
  childrenWithin,
  type Element,
  encodingOf,
  fieldsOf,
  malformed,
  readOnly,
  TAG,
} from './der-reader.ts'
import { octetsOfBitString, oidOf, smallIntegerOf } from './der-values.ts'
import { attributesOf } from './distinguished-name.ts'
import { derOfPem } from './pem.ts'
import { publicKeyOf } from './public-key.ts'
import { isAcceptableSignature } from './signature-algorithm.ts'
import { verificationOf } from './signature-verification.ts'
import { importPublicKey } from './verifying-keys.ts'

/** What a certificate request asks for. Attributes, among them the extensions it wishes for, are not taken over. */
export type CertificateRequest = {
  /** DER of the name; undefined where the request has an empty one. */
  readonly subject: Uint8Array | undefined
  /** SubjectPublicKeyInfo DER; its private key has signed the request. */
  readonly publicKey: Uint8Array
}

/** Why a certificate request is not granted. */
export type CertificateRequestRefusal =
  | 'request-malformed'
  | 'request-too-large'
  | 'request-key-unacceptable'
  | 'request-signature-unacceptable'
  /** Whoever made the request does not have the private key, or the request was changed afterwards. */
  | 'request-signature-invalid'
  | 'request-names-excessive'

/** A certificate request, or why it is not granted. */
export type CertificateRequestParse =
  | { readonly ok: true; readonly request: CertificateRequest }
  | { readonly ok: false; readonly reason: CertificateRequestRefusal }

/** Source: AWS IoT API model (CertificateSigningRequest), in characters. */
const LONGEST_PEM = 4096
/** As in certificates. */
const MOST_ATTRIBUTES = 32

/**
 * Reads exactly one PKCS #10 request in PEM, as strictly as certificates are read, and checks that its own key has signed it. Never throws.
 * Source: RFC 2986 §4.
 */
export function parseCertificateRequest(pem: string): CertificateRequestParse {
  if (pem.length > LONGEST_PEM) return refuse('request-too-large')
  const der = derOfRequest(pem)
  if (der === undefined) return refuse('request-malformed')
  try {
    return judge(fieldsOfRequest(readOnly(der)))
  } catch {
    return refuse('request-malformed') // whatever a reader stumbles over
  }
}

function refuse(reason: CertificateRequestRefusal): CertificateRequestParse {
  return { ok: false, reason }
}

/** Old programs still write NEW. Source: RFC 7468 §7. */
const LABELLED =
  /^-----BEGIN (NEW )?CERTIFICATE REQUEST-----([^-]*)-----END \1CERTIFICATE REQUEST-----$/

/** The labels are all that tells the PEM of a request from that of a certificate. */
function derOfRequest(pem: string): Buffer | undefined {
  const body = LABELLED.exec(pem.trim())?.[2]
  return body === undefined
    ? undefined
    : derOfPem(`-----BEGIN CERTIFICATE-----${body}-----END CERTIFICATE-----`)
}

type RequestFields = {
  readonly signed: Buffer
  readonly subject: Element
  readonly publicKey: Element
  readonly algorithm: Element
  readonly signature: Buffer
}

function fieldsOfRequest(request: Element): RequestFields {
  const fields = fieldsOf(request)
  const info = fields.next(TAG.sequence)
  const algorithm = fields.next(TAG.sequence)
  const signature = octetsOfBitString(fields.next(TAG.bitString))
  fields.end()
  const inner = fieldsOf(info)
  if (smallIntegerOf(inner.next(TAG.integer)) !== 0) malformed('version other than 1')
  const subject = inner.next(TAG.sequence)
  const publicKey = inner.next(TAG.sequence)
  checkAttributes(inner.next(0xa0))
  inner.end()
  return { signed: encodingOf(info), subject, publicKey, algorithm, signature }
}

/** Attributes are passed over, but they are well formed. */
function checkAttributes(attributes: Element): void {
  for (const attribute of childrenWithin(attributes, 0xa0)) {
    const fields = fieldsOf(attribute)
    oidOf(fields.next(TAG.oid))
    childrenWithin(fields.next(TAG.set), TAG.set)
    fields.end()
  }
}

function judge(fields: RequestFields): CertificateRequestParse {
  const attributes = attributesOf(fields.subject)
  if (attributes.length > MOST_ATTRIBUTES) return refuse('request-names-excessive')
  if (publicKeyOf(fields.publicKey) === undefined) return refuse('request-key-unacceptable')
  if (!isAcceptableSignature(fields.algorithm)) return refuse('request-signature-unacceptable')
  if (!isSignedByItself(fields)) return refuse('request-signature-invalid')
  const subject = attributes.length === 0 ? undefined : bytesOf(fields.subject)
  return { ok: true, request: { subject, publicKey: bytesOf(fields.publicKey) } }
}

/** Bytes of its own, so that the request does not live as long as they do. */
function bytesOf(element: Element): Uint8Array {
  return Uint8Array.from(encodingOf(element))
}

function isSignedByItself({ publicKey, algorithm, signed, signature }: RequestFields): boolean {
  const key = importPublicKey(encodingOf(publicKey))
  const verification = key && verificationOf(algorithm, key)
  return (
    verification !== undefined && verify(verification.hash, signed, verification.key, signature)
  )
}
