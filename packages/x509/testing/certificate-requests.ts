import { nameDer, type TestName } from './certificate-names.ts'
import { toPem } from './certificates.ts'
import { bitString, constructed, integer, sequence } from './der-writer.ts'
import { createKey, createSigner, type KeyKind, type SignatureKind, type TestKey } from './keys.ts'

/** What a certificate request says; every default makes a good one. */
export type RequestOptions = {
  readonly subject?: TestName | Uint8Array
  readonly key?: KeyKind | TestKey
  /** Signs in place of the request's own key. */
  readonly signingKey?: TestKey
  readonly signature?: SignatureKind
  /** DER of attributes, each a SEQUENCE. */
  readonly attributes?: readonly Uint8Array[]
  /** Changes the fields of CertificationRequestInfo before they are signed. */
  readonly editInfo?: (fields: readonly Buffer[]) => readonly Uint8Array[]
  /** Changes the three fields of the signed request. */
  readonly editRequest?: (fields: readonly Buffer[]) => readonly Uint8Array[]
}

/** A PKCS #10 request. Source: RFC 2986 §4. */
export type TestRequest = { readonly der: Buffer; readonly pem: string; readonly key: TestKey }

/** Makes a certificate request: P-256, SHA-256, no attributes. */
export function createRequest(options: RequestOptions = {}): TestRequest {
  const { subject = 'device', attributes = [], key: wanted = 'P-256' } = options
  const key = typeof wanted === 'string' ? createKey(wanted) : wanted
  const signer = createSigner(
    (options.signingKey ?? key).privateKey!,
    options.signature ?? 'sha256',
  )
  const fields = [
    integer(0),
    subject instanceof Uint8Array ? Buffer.from(subject) : nameDer(subject),
    Buffer.from(key.publicKey),
    constructed(0, ...attributes),
  ]
  const info = sequence(...(options.editInfo?.(fields) ?? fields))
  const parts = [info, signer.algorithm, bitString(signer.sign(info))]
  const der = sequence(...(options.editRequest?.(parts) ?? parts))
  return { der, pem: toPem(der, 'CERTIFICATE REQUEST'), key }
}
