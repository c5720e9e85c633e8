import { createPrivateKey, createPublicKey } from 'node:crypto'
import { parseCertificateRequest } from '@thingpass/x509/certificate-request'
import { nameDer } from '@thingpass/x509/make-certificate'
import { expect, test } from 'vitest'
import { makeCertificateRequest, makePrivateKey } from './certificate-request.ts'

const key = makePrivateKey()

test('a key is made anew each time, on P-256', () => {
  const { asymmetricKeyDetails } = createPrivateKey(key)
  expect(asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
  expect(makePrivateKey()).not.toBe(key)
})

test.each([
  ['camera-1', nameDer([['CN', 'camera-1']])],
  ['n'.repeat(64), nameDer([['CN', 'n'.repeat(64)]])],
  ['n'.repeat(65), undefined],
])('a request for %s is read as such, for the key that signed it', (thingName, subject) => {
  const parsed = parseCertificateRequest(makeCertificateRequest(key, thingName))
  if (!parsed.ok) throw new Error(parsed.reason)
  const own = createPublicKey(key).export({ type: 'spki', format: 'der' })
  expect(Buffer.from(parsed.request.publicKey).equals(own)).toBe(true)
  expect(parsed.request.subject && Buffer.from(parsed.request.subject)).toEqual(subject)
})

test('the key is not in the request', () => {
  const request = makeCertificateRequest(key, 'a')
  const secret = createPrivateKey(key).export({ format: 'jwk' }).d ?? ''
  const der = Buffer.from(request.replaceAll(/-----.*-----/g, ''), 'base64')
  expect(secret).not.toBe('')
  expect(der.includes(Buffer.from(secret, 'base64url'))).toBe(false)
  expect(request).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/)
})
