import { expect, test } from 'vitest'
import { parseCertificateHeader } from './certificate-header.ts'

const DIGITS = '0123456789abcdef0123456789abcdef'

test.each([`X-Cert-${DIGITS}`, `x-cert-${DIGITS.toUpperCase()}`])('%s is a drawn name', (name) => {
  expect(parseCertificateHeader(name)).toBe(name)
})

test.each([
  ['nothing', undefined],
  ['nothing at all', ''],
  ["AWS's own name", 'X-Amzn-Mtls-Clientcert'],
  ['a name without digits', 'X-Cert-'],
  ['a name of fewer bits', `X-Cert-${DIGITS.slice(1)}`],
  ['a longer name', `X-Cert-${DIGITS}0`],
  ['digits of another kind', `X-Cert-${DIGITS.replace('f', 'g')}`],
  ['another beginning', `X-Other-${DIGITS}`],
  ['something before it', ` X-Cert-${DIGITS}`],
  ['a line end behind it', `X-Cert-${DIGITS}\n`],
])('T03: %s is none', (_, text) => {
  expect(parseCertificateHeader(text)).toBeUndefined()
})
