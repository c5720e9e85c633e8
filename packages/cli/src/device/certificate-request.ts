import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { derBits, derElement, derInteger, derOid, derSequence } from '@thingpass/x509/der-writer'
import { nameDer } from '@thingpass/x509/make-certificate'

/** Makes a private key (P-256), PKCS #8 in PEM. */
export function makePrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Source: RFC 5758 section 3.2. */
const ECDSA_SHA256 = derSequence(derOid('1.2.840.10045.4.3.2'))
const VERSION_1 = derInteger(Buffer.from([0]))
const NO_ATTRIBUTES = derElement(0xa0)

/** Characters of a common name. Source: RFC 5280 appendix A.1 (ub-common-name). */
const LONGEST_COMMON_NAME = 64

/**
 * Makes a certificate signing request, PEM, for a P-256 key; the key signs it and is not in it. A name that is longer than a
 * common name may be is left out: it is the thing that names the device, not the certificate.
 * Source: RFC 2986 section 4.
 */
export function makeCertificateRequest(privateKeyPem: string, thingName: string): string {
  const privateKey = createPrivateKey(privateKeyPem)
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const name = thingName.length <= LONGEST_COMMON_NAME ? [['CN', thingName] as const] : []
  const asked = derSequence(VERSION_1, nameDer(name), publicKey, NO_ATTRIBUTES)
  const signature = sign('sha256', asked, privateKey)
  return toPem('CERTIFICATE REQUEST', derSequence(asked, ECDSA_SHA256, derBits(signature)))
}

function toPem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
