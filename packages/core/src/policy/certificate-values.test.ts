import { expect, test } from 'vitest'
import { isCertificateDerived, isComparable, isSubstitutable } from './certificate-values.ts'

test.each([
  ['iot:Certificate.Subject.CommonName', true],
  ['IOT:CERTIFICATE.SERIALNUMBER', true],
  ['\u0131ot:Certificate.Subject', true],
  ['iot:CertificateId', false],
  ['x-iot:certificate.subject', false],
  ['aws:SourceIp', false],
])('key %s comes from the certificate: %s', (key, expected) => {
  expect(isCertificateDerived(key)).toBe(expected)
})

test.each(['*', '$', '+', '?', '#'])('a value with %s is not substituted', (character) => {
  expect(isSubstitutable(`a${character}b`)).toBe(false)
})

test('a value is compared and substituted up to 1024 characters', () => {
  expect(isComparable('*'.repeat(1024))).toBe(true)
  expect(isComparable('/'.repeat(1025))).toBe(false)
  expect(isSubstitutable('/'.repeat(1024))).toBe(true)
  expect(isSubstitutable('/'.repeat(1025))).toBe(false)
})
