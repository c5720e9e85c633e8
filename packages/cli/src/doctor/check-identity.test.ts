import { generateKeyPairSync } from 'node:crypto'
import { createCa, issueCertificate } from '@thingpass/x509/testing/certificates'
import { expect, test } from 'vitest'
import { checkIdentity, type DeviceFiles } from './check-identity.ts'

const NOW = new Date('2026-06-01T12:00:00Z')
const ca = createCa()
const device = issueCertificate(ca)
const files: DeviceFiles = {
  certificatePem: device.pem,
  privateKeyPem: device.privateKeyPem,
  keyIsShared: false,
}
const check = (changed: Partial<DeviceFiles> = {}, now = NOW) =>
  checkIdentity({ ...files, ...changed }, now).map(({ check: name, verdict, told }) => [
    ...[name, verdict, told],
  ])
const until = (notAfter: string) => {
  const issued = issueCertificate(ca, { notAfter: new Date(notAfter) })
  return { certificatePem: issued.pem, privateKeyPem: issued.privateKeyPem }
}

test('a device that is well has its key, its id and its days', () => {
  expect(check()).toEqual([
    ['key', 'ok', 'the private key is that of the certificate'],
    ['certificate', 'ok', expect.stringMatching(/^[0-9a-f]{64}, valid for another 6788 days$/)],
  ])
})

test('a chain after the certificate does no harm', () => {
  expect(check({ certificatePem: `${device.pem}${ca.pem}` })).toEqual(check())
})

test('a key that others may read is worth a note', () => {
  expect(check({ keyIsShared: true })[0]?.slice(0, 2)).toEqual(['key', 'note'])
})

const encrypted = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey

test.each([
  ['of another certificate', issueCertificate(ca).privateKeyPem, 'is not that of'],
  ['with a passphrase', encrypted, 'has a passphrase'],
  ['that is none', 'what nobody should see', 'holds no private key'],
])('a key %s is a problem', (_, privateKeyPem, told) => {
  const [key] = check({ privateKeyPem })
  expect(key).toEqual(['key', 'problem', expect.stringContaining(told)])
})

test('a file without certificate is all there is to say', () => {
  expect(check({ certificatePem: 'what nobody should see' })).toEqual([
    ['certificate', 'problem', 'the file holds no certificate'],
  ])
})

test.each([
  ['certificate-usage-unfit', issueCertificate(ca, { extendedKeyUsage: ['serverAuth'] })],
  ['certificate-key-unacceptable', issueCertificate(ca, { key: 'RSA-1024' })],
])('a certificate that is refused as %s is told so', (reason, issued) => {
  const { pem: certificatePem, privateKeyPem } = issued
  expect(check({ certificatePem, privateKeyPem })).toContainEqual([
    'certificate',
    'problem',
    reason,
  ])
})

test('a certificate that leaves its usage open is fit', () => {
  const { pem: certificatePem, privateKeyPem } = issueCertificate(ca, { extendedKeyUsage: false })
  expect(check({ certificatePem, privateKeyPem })[1]?.slice(0, 2)).toEqual(['certificate', 'ok'])
})

test.each<[string, string, string]>([
  ['2026-06-01T12:14:59Z', 'problem', 'it is valid until 2026-06-01T12:14:59.000Z'],
  ['2026-05-01T12:00:00Z', 'problem', 'it is valid until 2026-05-01T12:00:00.000Z'],
  ['2026-06-01T12:15:00Z', 'note', 'expires in 0 days'],
  ['2026-07-01T11:59:59Z', 'note', 'expires in 29 days'],
  ['2026-07-01T12:00:00Z', 'ok', 'valid for another 30 days'],
])('one that ends at %s is a %s', (notAfter, verdict, told) => {
  expect(check(until(notAfter))[1]).toEqual([
    ...['certificate', verdict, expect.stringContaining(told)],
  ])
})

test.each([
  ['2024-12-31T23:59:59Z', 'problem'],
  ['2025-01-01T00:00:00Z', 'ok'],
])('one that begins in 2025 is, at %s, a %s', (now, verdict) => {
  expect(check({}, new Date(now))[1]?.[1]).toBe(verdict)
})
