import { deepStrictEqual, match, ok, strictEqual } from 'node:assert'
import { createHash, X509Certificate } from 'node:crypto'
import { parseCaCertificate } from '@thingpass/x509/ca-certificate'
import { createIdentify } from '@thingpass/x509/identify'
import { pemOfDer } from '@thingpass/x509/pem'
import { parseRegistrableCertificate } from '@thingpass/x509/registrable-certificate'
import {
  OPENSSL_ROOT_PEM,
  OPENSSL_VERSION_1_PEM,
  OPENSSL_VERSION_3_PEM,
} from '@thingpass/x509/testing/openssl-made'
import type { FuzzTarget } from '../fuzz-target.ts'
import { KNOWN_CA_KEY, KNOWN_CERTIFICATES } from '../known-certificates.ts'

const identify = createIdentify()

/** The parsers of certificates: what they accept is what Node reads, too, and the whole of what was sent. */
export const CERTIFICATE: FuzzTarget = {
  name: 'certificate',
  format: 'der',
  seeds: () => KNOWN_CERTIFICATES,
  dictionary: [OPENSSL_ROOT_PEM, OPENSSL_VERSION_1_PEM, OPENSSL_VERSION_3_PEM],
  run: (input) => {
    const der = Buffer.from(input)
    const identified = identify(der)
    const pem = pemOfDer(der)
    deepStrictEqual(identify(pem).ok, identified.ok)
    parseCaCertificate(pem)
    parseRegistrableCertificate(pem)
    identify(der.toString('latin1'))
    if (!identified.ok) return
    const { facts, isSignedBy } = identified.certificate
    const node = new X509Certificate(der)
    ok(node.raw.equals(der), 'octets that OpenSSL passed over')
    strictEqual(facts.certificateId, createHash('sha256').update(der).digest('hex'))
    strictEqual(BigInt(`0x${facts.serialNumber}`), BigInt(`0x${node.serialNumber}`))
    match(facts.serialNumber, /^(?:0|[1-9a-f][0-9a-f]{0,39})$/)
    strictEqual(facts.notAfter.getTime(), node.validToDate.getTime())
    strictEqual(facts.notBefore.getTime(), node.validFromDate.getTime())
    const isKnown = KNOWN_CERTIFICATES.some((known) => der.equals(known))
    ok(isKnown || !isSignedBy(KNOWN_CA_KEY), 'a changed certificate that verifies')
  },
}
