import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCa, toPem } from '../testing/certificates.ts'
import { createRevocationList } from '../testing/revocation-lists.ts'
import { readRevocationList } from './revocation-list-pem.ts'

const ca = createCa()
const { der, pem } = createRevocationList(ca, { entries: [1n, 0xabcn] })
const body = pem.split('\n').slice(1, -2).join('\n')

test.each<[string, string | Uint8Array]>([
  ['DER', der],
  ['PEM', pem],
  ['the octets of PEM', Buffer.from(pem)],
  ['the octets of PEM after a line feed', Buffer.from(`\n${pem}`)],
  ['CRLF', toPem(der, 'X509 CRL', '\r\n')],
  ['white space around', ` \n${pem}\n `],
  ['one long line', `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----`],
])('reads %s', (_, presented) => {
  const list = readRevocationList(presented)
  expect('problem' in list ? list : [...list.serialNumbers()]).toEqual(['1', 'abc'])
})

test.each<[string, string | Uint8Array]>([
  ['nothing', ''],
  ['no octets', Buffer.of()],
  ['DER as text', der.toString('latin1')],
  ['base64 alone', body],
  ['two blocks', `${pem}${pem}`],
  ['text before the block', `list\n${pem}`],
  ['text after the block', `${pem}list`],
  ['another label', toPem(der)],
  ['another label at the end', pem.replace('END X509 CRL', 'END CERTIFICATE')],
  ['another label at the beginning', pem.replace('BEGIN X509 CRL', 'BEGIN CERTIFICATE')],
  ['the labels alone', '-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n'],
  ['a blank line', pem.replace('-----\n', '-----\n\n')],
  ['a certificate in its place', toPem(ca.der, 'X509 CRL')],
  ['octets after the list', toPem(Buffer.concat([der, Buffer.of(0)]), 'X509 CRL')],
  ['labels that overlap', '-----BEGIN X509 CRL-----END X509 CRL-----'],
])('does not read %s', (_, presented) => {
  expect(readRevocationList(presented)).toEqual({ problem: 'not-a-crl' })
})

test('says that the label CRL is another', () => {
  expect(readRevocationList(toPem(der, 'CRL'))).toEqual({ problem: 'pem-label-crl' })
})

test.each([
  ['text', 'A'.repeat(12 * 1024 * 1024 + 1)],
  ['octets', Buffer.alloc(12 * 1024 * 1024 + 1)],
  ['DER', Buffer.alloc(8 * 1024 * 1024 + 1, 0x30)],
])('says that %s is too large', (_, presented) => {
  expect(readRevocationList(presented)).toEqual({ problem: 'too-large' })
})

test('reads what is as large as may be', () => {
  const padded = `${pem}${' '.repeat(12 * 1024 * 1024 - pem.length)}`
  expect(readRevocationList(padded)).toMatchObject({ entryCount: 2 })
})

test('whatever is sent, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.uint8Array()), (presented) => {
      expect(readRevocationList(presented)).toEqual({ problem: 'not-a-crl' })
    }),
  )
})
