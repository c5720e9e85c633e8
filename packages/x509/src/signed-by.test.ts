import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { createCa } from '../testing/certificates.ts'
import { createSignedBy } from './signed-by.ts'
import { importPublicKey } from './verifying-keys.ts'

const ca = createCa()
const x509 = new X509Certificate(ca.der)

test('is true for the key that made the signature', () => {
  expect(createSignedBy(x509, importPublicKey)(ca.publicKey)).toBe(true)
})

test('is false where there is no key', () => {
  expect(createSignedBy(x509, () => undefined)(ca.publicKey)).toBe(false)
})

test('is false where the check cannot be made at all', () => {
  const privateKey = ca.key.privateKey!
  expect(() => x509.verify(privateKey)).toThrow(TypeError)
  expect(createSignedBy(x509, () => privateKey)(ca.publicKey)).toBe(false)
})
