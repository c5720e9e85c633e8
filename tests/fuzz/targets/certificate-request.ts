import { ok } from 'node:assert'
import { createPublicKey } from 'node:crypto'
import { parseCertificateRequest } from '@thingpass/x509/certificate-request'
import { toPem } from '@thingpass/x509/testing/certificates'
import { OPENSSL_REQUEST_PEM } from '@thingpass/x509/testing/openssl-made'
import type { FuzzTarget } from '../fuzz-target.ts'

const REQUEST = Buffer.from(OPENSSL_REQUEST_PEM.split('\n').slice(1, -2).join(''), 'base64')

/** The parser of certificate requests: none but a signed one is accepted, and its key can be used. */
export const CERTIFICATE_REQUEST: FuzzTarget = {
  name: 'certificate-request',
  format: 'der',
  seeds: () => [REQUEST, OPENSSL_REQUEST_PEM],
  run: (input) => {
    const bytes = Buffer.from(input)
    parseCertificateRequest(bytes.toString('latin1'))
    const parsed = parseCertificateRequest(toPem(bytes, 'CERTIFICATE REQUEST'))
    if (!parsed.ok) return
    const key = Buffer.from(parsed.request.publicKey)
    createPublicKey({ key, format: 'der', type: 'spki' })
    ok(bytes.equals(REQUEST), 'a changed request whose signature verifies')
  },
}
