import { createPublicKey, type KeyObject } from 'node:crypto'

/** Turns a SubjectPublicKeyInfo (DER) into a key that verifies; undefined when OpenSSL cannot. */
export type ImportPublicKey = (publicKey: Uint8Array) => KeyObject | undefined

/** Imports one key. */
export function importPublicKey(publicKey: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
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
