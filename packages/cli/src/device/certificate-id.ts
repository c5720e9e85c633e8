import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { type CertificateId, parseCertificateId } from '@thingpass/core/names'
import { parseCertificateRequest } from '@thingpass/x509/certificate-request'

/** Reads the id off the first certificate of a PEM text; undefined where there is none. */
export function readCertificateId(pem: string): CertificateId | undefined {
  const fingerprint = readCertificate(pem)?.fingerprint256.replaceAll(':', '').toLowerCase()
  return fingerprint === undefined ? undefined : parseCertificateId(fingerprint)
}

/** Whether the certificate is for the private key; false where either cannot be read. */
export function isForKey(certificatePem: string, privateKeyPem: string): boolean {
  const own = readCertificate(certificatePem)?.publicKey
  const other = readPublicKey(privateKeyPem)
  return own !== undefined && other !== undefined && own.equals(other)
}

/** Whether the certificate is for the key of a certificate request; false where either cannot be read. */
export function isForRequest(certificatePem: string, csr: string): boolean {
  const own = readCertificate(certificatePem)?.publicKey.export({ type: 'spki', format: 'der' })
  const parsed = parseCertificateRequest(csr)
  return own !== undefined && parsed.ok && own.equals(parsed.request.publicKey)
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined // what OpenSSL says may quote the text
  }
}

/** Whether the text is a private key that OpenSSL reads. */
export function isPrivateKey(pem: string): boolean {
  return readPublicKey(pem) !== undefined
}

function readPublicKey(privateKeyPem: string): KeyObject | undefined {
  try {
    return createPublicKey(createPrivateKey(privateKeyPem))
  } catch {
    return undefined // as above, and this text is a secret
  }
}
