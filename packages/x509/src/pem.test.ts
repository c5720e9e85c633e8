import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCa, toPem } from '../testing/certificates.ts'
import { derOfPem, pemOfDer } from './pem.ts'

const { der, pem } = createCa()
const body = der.toString('base64')
const block = (text: string): string =>
  `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`
const lines = pem.trimEnd().split('\n')

test.each([
  ['lines of 64 characters and a trailing newline, as API Gateway sends it', pem],
  ['no trailing newline', pem.trimEnd()],
  ['CRLF', toPem(der, 'CERTIFICATE', '\r\n')],
  ['LF and CRLF mixed', pem.replace('\n', '\r\n')],
  ['base64 on one line', block(body)],
  ['lines of 76 characters', block(body.replace(/.{76}/g, '$&\n'))],
  ['white space around the block', ` \r\n\t\n${pem}\n\n \t`],
])('reads a block with %s', (_, text) => {
  expect(derOfPem(text)).toEqual(der)
})

test.each([
  ['nothing', ''],
  ['white space', ' \n'],
  ['the begin label alone', '-----BEGIN CERTIFICATE-----'],
  ['the end label alone', '-----END CERTIFICATE-----'],
  ['no lines between the labels', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
  ['no end', lines.slice(0, -1).join('\n')],
  ['no begin', lines.slice(1).join('\n')],
  ['two blocks', pem + pem],
  ['two blocks run together', pem.trimEnd() + pem],
  ['text before the block', `subject=device\n${pem}`],
  ['text after the block', `${pem}subject=device\n`],
  ['text on the line of the begin label', pem.replace('-----\n', '----- \n')],
  ['TRUSTED CERTIFICATE', toPem(der, 'TRUSTED CERTIFICATE')],
  ['X509 CERTIFICATE', toPem(der, 'X509 CERTIFICATE')],
  ['CERTIFICATE REQUEST', toPem(der, 'CERTIFICATE REQUEST')],
  ['a lower-case label', pem.replaceAll('CERTIFICATE', 'certificate')],
  ['another label at the end', pem.replace('END CERTIFICATE', 'END X509 CERTIFICATE')],
  ['spaces instead of newlines', pem.replaceAll('\n', ' ')],
  ['carriage returns instead of newlines', pem.replaceAll('\n', '\r')],
  ['URL encoding', encodeURIComponent(pem)],
  ['a blank line', pem.replace('\n', '\n\n')],
  ['a space at the end of a line', pem.replace('\nMII', ' \nMII')],
  ['a space in the base64', block(body.replace(/^.{20}/, '$& '))],
  ['a header field', pem.replace('\n', '\nProc-Type: 4,ENCRYPTED\n')],
  ['base64 with a foreign character', block(body.replace('M', '*'))],
  ['base64 of the URL alphabet', block('-_-_')],
  ['base64 without its padding', block('MAA')],
  ['base64 with too much padding', block('MAAA====')],
  ['base64 with bits behind the end', block('MAB=')],
  ['base64 with text after its padding', block('MAA=MAA=')],
])('reads nothing from %s', (_, text) => {
  expect(derOfPem(text)).toBeUndefined()
})

test.each([1, 47, 48, 49, 96])('writes %i octets in lines of 64 characters', (length) => {
  expect(pemOfDer(new Uint8Array(length))).toBe(toPem(new Uint8Array(length)))
})

test('writes what it reads, in lines of 64 characters', () => {
  expect(pemOfDer(der)).toBe(pem)
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
      expect(pemOfDer(bytes)).toBe(toPem(bytes))
      expect(derOfPem(pemOfDer(bytes))).toEqual(Buffer.from(bytes))
    }),
  )
})

test('reads base64 only in the one form that the octets have', () => {
  const character = fc.constantFrom('A', 'B', 'Q', '/', '=', '-', ' ', '\n', '\r\n')
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 12 }), (text) => {
      const read = derOfPem(block(text))
      if (read !== undefined) expect(read.toString('base64')).toBe(text.replace(/\r?\n/g, ''))
    }),
    { numRuns: 1000 },
  )
})
