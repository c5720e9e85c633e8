import type { KeyObject } from 'node:crypto'
import { expect, test } from 'vitest'
import { createCa, issueCertificate } from '../testing/certificates.ts'
import { createKey, withPointForm } from '../testing/keys.ts'
import { createIdentify } from './identify.ts'
import { createKeyImporter, importPublicKey } from './verifying-keys.ts'

const keys = [createKey('P-256'), createKey('P-256'), createKey('P-256')].map(
  (key) => key.publicKey,
)
const [a, b, c] = keys as [Uint8Array, Uint8Array, Uint8Array]

/** An importer that writes down what it was asked for. */
function recording(): {
  asked: Uint8Array[]
  importKey: (key: Uint8Array) => KeyObject | undefined
} {
  const asked: Uint8Array[] = []
  return {
    asked,
    importKey: (key) => {
      asked.push(key)
      return importPublicKey(key)
    },
  }
}

test('imports a key from its encoding, and nothing from anything else', () => {
  expect(importPublicKey(a)?.export({ type: 'spki', format: 'der' })).toEqual(Buffer.from(a))
  expect(importPublicKey(new Uint8Array(0))).toBeUndefined()
  expect(importPublicKey(Buffer.from('no key'))).toBeUndefined()
})

test('T06: imports no key in an encoding that would not be accepted in a certificate', () => {
  const key = createKey('P-256')
  for (const form of ['compressed', 'hybrid'] as const) {
    expect(importPublicKey(withPointForm(key, form).publicKey)).toBeUndefined()
  }
  expect(importPublicKey(createKey('RSA-1024').publicKey)).toBeUndefined()
})

test('T06: a CA that is stored with its key in a second encoding signs for nobody any more', () => {
  const ca = createCa()
  const identified = createIdentify()(issueCertificate(ca).pem)
  if (!identified.ok) throw new Error(identified.reason)
  const { isSignedBy } = identified.certificate
  expect(isSignedBy(withPointForm(ca.key, 'compressed').publicKey)).toBe(false)
  expect(isSignedBy(ca.publicKey)).toBe(true)
})

test('imports a key once while it is remembered', () => {
  const { asked, importKey } = recording()
  const importer = createKeyImporter(2, importKey)
  expect(importer(a)).toBe(importer(Uint8Array.from(a)))
  expect(asked).toEqual([a])
})

test('never takes one key for another', () => {
  const importer = createKeyImporter(2)
  for (const key of [a, b, c, a, b, c]) {
    expect(importer(key)?.export({ type: 'spki', format: 'der' })).toEqual(Buffer.from(key))
  }
})

test('forgets the least recently used key when there is no room', () => {
  const { asked, importKey } = recording()
  const importer = createKeyImporter(2, importKey)
  for (const key of [a, b, a, c, a, b]) importer(key)
  expect(asked).toEqual([a, b, c, b])
})

test('does not remember what is no key, nor lose a key to it', () => {
  const { asked, importKey } = recording()
  const importer = createKeyImporter(1, importKey)
  const none = Uint8Array.of(1)
  for (const key of [a, none, none, a]) importer(key)
  expect(asked).toEqual([a, none, none])
})
