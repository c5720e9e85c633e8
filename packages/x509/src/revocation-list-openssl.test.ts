import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCa, issueCertificate } from '../testing/certificates.ts'
import { OPENSSL_CA_PEM, OPENSSL_REVOCATION_LIST_PEM } from '../testing/openssl-made-lists.ts'
import {
  createRevocationList,
  type RevocationListOptions,
  scopeExtension,
  unknownExtension,
} from '../testing/revocation-lists.ts'
import { parseCaCertificate } from './ca-certificate.ts'
import { parseRevocationList } from './revocation-list.ts'
import { readRevocationList } from './revocation-list-pem.ts'

test('a list that OpenSSL has made is read, and its CA made its signature', () => {
  const parsed = parseCaCertificate(OPENSSL_CA_PEM)
  const list = readRevocationList(OPENSSL_REVOCATION_LIST_PEM)
  if (!parsed.ok || 'problem' in list) throw new TypeError('unread')
  expect(list).toMatchObject({ number: 4097n, entryCount: 2 })
  expect([...list.serialNumbers()]).toEqual(['2a', '45f3aa7bd20c11e8a90f0123456789abcdef01'])
  expect(list.isSignedBy(parsed.ca.publicKey)).toBe(true)
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe.skipIf(!hasOpenssl)('beside the OpenSSL of this machine', () => {
  const ca = createCa({ subject: 'Lamp CA' })
  const rsaCa = createCa({ subject: 'RSA CA', key: 'RSA-2048' })
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'thingpass-crl-'))
    writeFileSync(join(folder, 'ca.pem'), ca.pem)
    writeFileSync(join(folder, 'ca.key'), ca.privateKeyPem, { mode: 0o600 })
    writeFileSync(join(folder, 'rsa.pem'), rsaCa.pem)
    writeFileSync(join(folder, 'openssl.cnf'), CONFIGURATION)
    writeFileSync(join(folder, 'index.txt'), '')
    writeFileSync(join(folder, 'crlnumber'), '0A\n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const run = (args: readonly string[], input?: Uint8Array) =>
    spawnSync('openssl', args, { cwd: folder, input, encoding: 'utf8', maxBuffer: 1e8 })

  /** Serial numbers as OpenSSL reads them, in our form; undefined where it reads no list. */
  const serialsByOpenssl = (der: Uint8Array): readonly string[] | undefined => {
    const { status, stdout } = run(['crl', '-inform', 'DER', '-noout', '-text'], der)
    if (status !== 0) return undefined
    return Array.from(stdout.matchAll(/Serial Number: ([0-9A-F]+)/g), ([, digits]) =>
      BigInt(`0x${digits}`).toString(16),
    )
  }

  test.each<[string, RevocationListOptions, typeof ca]>([
    ['nothing revoked', {}, ca],
    ['entries', { entries: [0n, 1n, 0xabcn, { serialNumber: (1n << 159n) - 1n, reason: 4 }] }, ca],
    ['extensions', { extensions: [unknownExtension(false)], entries: [9n] }, ca],
    ['a scope', { extensions: [scopeExtension({ onlyUserCertificates: true })] }, ca],
    ['SHA-512', { signature: 'sha512', entries: [9n] }, ca],
    ['PSS', { signature: 'pss-sha256', entries: [9n] }, rsaCa],
  ])('what is accepted with %s, OpenSSL reads and verifies', (_, options, issuer) => {
    const { der } = createRevocationList(issuer, options)
    const list = parseRevocationList(der)
    if ('problem' in list) throw new TypeError(list.problem)
    expect(serialsByOpenssl(der)).toEqual([...list.serialNumbers()])
    const file = issuer === ca ? 'ca.pem' : 'rsa.pem'
    const verified = run(['crl', '-inform', 'DER', '-noout', '-CAfile', file], der)
    expect(verified.stderr).toContain('verify OK')
  })

  test('a changed list that is still accepted says the same to OpenSSL', () => {
    const { der } = createRevocationList(ca, { entries: [1n, { serialNumber: 0xabcn, reason: 1 }] })
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), (at, octet) => {
        const bytes = Buffer.from(der)
        bytes.writeUInt8(octet, at)
        const list = parseRevocationList(bytes)
        fc.pre(!('problem' in list))
        if ('problem' in list) return
        expect(serialsByOpenssl(bytes)).toEqual([...list.serialNumbers()])
      }),
      { numRuns: 60 },
    )
  })

  test('revokes with `openssl ca` what is read here', () => {
    const devices = [0x2an, (1n << 150n) + 7n].map((serialNumber) =>
      issueCertificate(ca, { serialNumber }),
    )
    for (const [index, { pem }] of devices.entries()) {
      writeFileSync(join(folder, `device-${index}.pem`), pem)
      const revoked = run([
        ...['ca', '-config', 'openssl.cnf', '-revoke', `device-${index}.pem`],
        ...['-crl_reason', index === 0 ? 'keyCompromise' : 'superseded'],
      ])
      expect(revoked.status, revoked.stderr).toBe(0)
    }
    const made = run(['ca', '-config', 'openssl.cnf', '-gencrl', '-out', 'list.pem'])
    expect(made.status, made.stderr).toBe(0)
    const list = readRevocationList(readFileSync(join(folder, 'list.pem')))
    if ('problem' in list) throw new TypeError(list.problem)
    expect([...list.serialNumbers()]).toEqual(['2a', ((1n << 150n) + 7n).toString(16)])
    expect(list.number).toBe(10n)
    expect(list.isSignedBy(ca.publicKey)).toBe(true)
  })
})

/** What `openssl ca` needs to know, relative to where it runs. */
const CONFIGURATION = `
[ca]
default_ca = lamps
[lamps]
database = index.txt
crlnumber = crlnumber
certificate = ca.pem
private_key = ca.key
default_md = sha256
default_crl_days = 30
crl_extensions = list
unique_subject = no
[list]
authorityKeyIdentifier = keyid:always
`
