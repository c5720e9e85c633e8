import { hash } from 'node:crypto'
import { fieldsOf, readOnly, TAG } from './der-reader.ts'
import { octetsOfBitString } from './der-values.ts'
import {
  derBits,
  derElement,
  derInteger,
  derOctets,
  derOid,
  derSequence,
  derSet,
  derText,
  derTime,
  derTrue,
} from './der-writer.ts'

/** What a certificate is to say. Names and key are DER, taken over as they are. */
export type CertificateDraft = {
  /** 1–20 octets, the first 1–127. Source: RFC 5280 §4.1.2.2. */
  readonly serialNumber: Uint8Array
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  /** Whole seconds count. */
  readonly notBefore: Date
  readonly notAfter: Date
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
  /** At least one. */
  readonly extensions: readonly Uint8Array[]
}

/** Makes the ECDSA signature, with SHA-256, over octets: an ECDSA-Sig-Value in DER. */
export type SignWithEcdsaSha256 = (data: Uint8Array) => Promise<Uint8Array>

/** Source: RFC 5758 §3.2. */
const ECDSA_SHA256 = derSequence(derOid('1.2.840.10045.4.3.2'))
/** Version 3. Source: RFC 5280 §4.1.2.1. */
const VERSION_3 = derElement(0xa0, derInteger(Buffer.from([2])))

/** Makes a version 3 certificate; the DER. Whether the key that signs is the issuer's is for the caller to check. */
export async function makeCertificate(
  draft: CertificateDraft,
  sign: SignWithEcdsaSha256,
): Promise<Buffer> {
  const toBeSigned = derSequence(
    VERSION_3,
    derInteger(draft.serialNumber),
    ECDSA_SHA256,
    draft.issuer,
    derSequence(derTime(draft.notBefore), derTime(draft.notAfter)),
    draft.subject,
    draft.publicKey,
    derElement(0xa3, derSequence(...draft.extensions)),
  )
  return derSequence(toBeSigned, ECDSA_SHA256, derBits(await sign(toBeSigned)))
}

/** Attribute types of the names that are made here. Source: RFC 5280 appendix A.1. */
const ATTRIBUTE_TYPES = { O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' } as const

/** A distinguished name with one attribute in each RDN, most significant first. */
export function nameDer(
  attributes: readonly (readonly [type: keyof typeof ATTRIBUTE_TYPES, value: string])[],
): Buffer {
  const rdns = attributes.map(([type, value]) =>
    derSet(derSequence(derOid(ATTRIBUTE_TYPES[type]), derText(value))),
  )
  return derSequence(...rdns)
}

/** Bits of key usages, with how many at the end of the octet do not count. Source: RFC 5280 §4.2.1.3. */
const USAGES = {
  digitalSignature: derBits(Buffer.from([0x80]), 7),
  'keyCertSign and cRLSign': derBits(Buffer.from([0x06]), 1),
} as const

/** The extensions of a certificate. Source: RFC 5280 §4.2.1. */
export const EXTENSION = {
  /** Critical, as a CA's has to be. `pathLength` 0 lets it sign no other CA. */
  basicConstraints: (ca: { readonly pathLength: 0 } | false): Buffer => {
    const pathLength = derInteger(Buffer.from([0]))
    const content = ca === false ? derSequence() : derSequence(derTrue(), pathLength)
    return extension('2.5.29.19', content, 'critical')
  },
  keyUsage: (usage: keyof typeof USAGES): Buffer =>
    extension('2.5.29.15', USAGES[usage], 'critical'),
  clientAuthentication: (): Buffer =>
    extension('2.5.29.37', derSequence(derOid('1.3.6.1.5.5.7.3.2'))),
  subjectKeyId: (publicKey: Uint8Array): Buffer =>
    extension('2.5.29.14', derOctets(keyIdOf(publicKey))),
  authorityKeyId: (publicKey: Uint8Array): Buffer =>
    extension('2.5.29.35', derSequence(derElement(0x80, keyIdOf(publicKey)))),
} as const

function extension(oid: string, value: Uint8Array, critical?: 'critical'): Buffer {
  return derSequence(derOid(oid), ...(critical ? [derTrue()] : []), derOctets(value))
}

/** Leftmost 160 bits of the SHA-256 of the key's bits, without algorithm. Source: RFC 7093 §2 (1). */
export function keyIdOf(publicKey: Uint8Array): Buffer {
  const fields = fieldsOf(readOnly(Buffer.from(publicKey)))
  fields.next(TAG.sequence)
  const key = octetsOfBitString(fields.next(TAG.bitString))
  return hash('sha256', key, 'buffer').subarray(0, 20)
}
