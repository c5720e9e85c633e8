import type { X509Certificate } from 'node:crypto'
import type { ImportPublicKey } from './verifying-keys.ts'

/**
 * Makes the check whether a key (SubjectPublicKeyInfo DER) made a certificate's signature: false for whatever is not a key, or
 * cannot be checked. Names are not looked at: `checkIssued` compares nothing else, and a rogue CA can have any name.
 */
export function createSignedBy(
  x509: X509Certificate,
  importKey: ImportPublicKey,
): (publicKey: Uint8Array) => boolean {
  return (publicKey) => {
    const key = importKey(publicKey)
    if (key === undefined) return false
    try {
      return x509.verify(key)
    } catch {
      return false
    }
  }
}
