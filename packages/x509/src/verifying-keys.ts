import { createPublicKey, type KeyObject } from 'node:crypto'
import { readOnly } from './der-reader.ts'
import { publicKeyOf } from './public-key.ts'

/** Turns a SubjectPublicKeyInfo (DER) into a key that verifies; undefined when it cannot be, or may not be used here. */
export type ImportPublicKey = (publicKey: Uint8Array) => KeyObject | undefined

/**
 * Imports one key that would be accepted in a certificate. OpenSSL takes more: a key that was stored in a second encoding
 * would verify what the first one's revocation list has named.
 */
export function importPublicKey(publicKey: Uint8Array): KeyObject | undefined {
  try {
    const key = Buffer.from(publicKey)
    const isAccepted = publicKeyOf(readOnly(key)) !== undefined
    return isAccepted ? createPublicKey({ key, format: 'der', type: 'spki' }) : undefined
  } catch {
    return undefined
  }
}

/**
 * Makes an importer that remembers the last keys it was asked for, the least recently used going first. Few CAs sign many
 * devices, and importing a key costs as much as parsing a certificate. Failures are not remembered.
 */
export function createKeyImporter(
  capacity: number,
  importKey: ImportPublicKey = importPublicKey,
): ImportPublicKey {
  const remembered = new Map<string, KeyObject>()
  return (publicKey) => {
    // The encoding itself is the name of the key, so two keys never meet.
    const name = Buffer.from(publicKey).toString('latin1')
    const key = remembered.get(name) ?? importKey(publicKey)
    remembered.delete(name)
    if (key !== undefined) remembered.set(name, key)
    const [oldest] = remembered.keys()
    if (oldest !== undefined && remembered.size > capacity) remembered.delete(oldest)
    return key
  }
}
