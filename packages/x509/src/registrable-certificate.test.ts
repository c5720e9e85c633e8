import { expect, test } from 'vitest'
import { createCa, issueCertificate, NOT_AFTER, NOT_BEFORE } from '../testing/certificates.ts'
import { createKey } from '../testing/keys.ts'
import { parseCaCertificate } from './ca-certificate.ts'
import { parseRegistrableCertificate } from './registrable-certificate.ts'

const ca = createCa({ subject: 'Works CA' })
const device = issueCertificate(ca, { subject: 'lamp-1' })

test('a certificate names its issuer as the issuer names itself, and its key proves it', () => {
  const [authority, parse] = [
    parseCaCertificate(ca.pem),
    parseRegistrableCertificate(device.pem.replaceAll('\n', '\r\n')),
  ]
  if (!(authority.ok && parse.ok)) throw new Error('both are certificates')
  const { certificate } = parse
  expect(certificate).toMatchObject({
    certificateId: expect.stringMatching(/^[0-9a-f]{64}$/),
    subject: [{ rdn: 0, type: '2.5.4.3', value: 'lamp-1' }],
    issuerDerSha256: authority.ca.subjectDerSha256,
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
    pem: device.pem,
  })
  expect(certificate.isSignedBy(authority.ca.publicKey)).toBe(true)
  expect(certificate.isSignedBy(createKey('P-256').publicKey)).toBe(false)
})

test.each([
  ['certificate-malformed', ''],
  ['certificate-malformed', device.pem + device.pem],
  ['certificate-malformed', device.pem.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST')],
  ['certificate-too-large', device.pem.padEnd(13_000)],
  ['certificate-key-unacceptable', issueCertificate(ca, { key: 'P-224' }).pem],
  ['certificate-signature-unacceptable', issueCertificate(ca, { signature: 'sha1' }).pem],
])('%s is refused', (reason, pem) => {
  expect(parseRegistrableCertificate(pem)).toEqual({ ok: false, reason })
})
