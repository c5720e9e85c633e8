import type { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { clientCertificateOf } from './client-certificate.ts'

/** A certificate as Node shows it; what is not named here is not looked at. */
const shownByNode = (changed: Partial<Record<keyof X509Certificate, unknown>>) =>
  ({
    toString: () => 'the PEM',
    subject: 'C=NO\nO=acme\nCN=camera-1',
    issuer: 'CN=CA',
    serialNumber: '0A1B',
    validFrom: 'May 28 12:30:02 2019 GMT',
    validTo: 'Aug  5 09:36:04 2021 GMT',
    ...changed,
  }) as unknown as X509Certificate

test('a name is written with its root last, a serial number in pairs', () => {
  expect(clientCertificateOf(shownByNode({}))).toEqual({
    clientCertPem: 'the PEM',
    subjectDN: 'CN=camera-1,O=acme,C=NO',
    issuerDN: 'CN=CA',
    serialNumber: '0a:1b',
    validity: { notBefore: 'May 28 12:30:02 2019 GMT', notAfter: 'Aug  5 09:36:04 2021 GMT' },
  })
})

test('an empty name is empty', () => {
  expect(clientCertificateOf(shownByNode({ subject: undefined })).subjectDN).toBe('')
})

test.each([
  ['0', '00'],
  ['FF', 'ff'],
  [
    '0102030405060708090A0B0C0D0E0F1011121314',
    '01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14',
  ],
])('the serial number %s is shown as %s', (serialNumber, shown) => {
  expect(clientCertificateOf(shownByNode({ serialNumber })).serialNumber).toBe(shown)
})
