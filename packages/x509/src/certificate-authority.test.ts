import { createPrivateKey, sign, verify, X509Certificate } from 'node:crypto'
import { parseTenantId } from '@thingpass/core/names'
import type { TenantSigner } from '@thingpass/core/tenant-signer'
import { expect, test } from 'vitest'
import { nameDer } from '../testing/certificate-names.ts'
import { createKey } from '../testing/keys.ts'
import { parseCaCertificate } from './ca-certificate.ts'
import { createCertificateAuthority } from './certificate-authority.ts'
import { createIdentify } from './identify.ts'
import { makeKeyPair } from './make-key-pair.ts'

const NOW = new Date('2026-06-01T12:00:00.750Z')
const acme = parseTenantId('acme')!

const signerOf = (): TenantSigner => {
  const { publicKey, privateKey } = createKey('P-256')
  return { publicKey, sign: async (data) => sign('sha256', data, privateKey!) }
}

function authorityOf(signer: TenantSigner | undefined, octet = 0xff) {
  const { makeCaCertificate, issue } = createCertificateAuthority({
    openSigner: async () => signer,
    clock: () => NOW,
    randomBytes: (octets) => new Uint8Array(octets).fill(octet),
  })
  type Issuing = Parameters<typeof issue>
  return {
    makeCaCertificate: async () => (await makeCaCertificate(acme)) ?? 'none',
    issue: async (...issuing: Issuing) => (await issue(...issuing)) ?? 'none',
  }
}

const device = createKey('P-384')

test("a tenant's CA certificate may sign devices, and names tenant and key", async () => {
  const signer = signerOf()
  const pem = await authorityOf(signer).makeCaCertificate()
  const parsed = parseCaCertificate(pem)
  if (!parsed.ok) throw new Error(parsed.reason)
  const { ca } = parsed
  expect(ca.subject.map(({ value }) => value)).toEqual([
    'Thingpass',
    'acme',
    `Thingpass CA ${ca.subjectKeyId}`,
  ])
  expect(ca).toMatchObject({
    pem,
    pathLength: 0,
    notBefore: new Date('2026-06-01T11:55:00Z'),
    notAfter: new Date('2049-12-31T23:59:59Z'),
  })
  expect(ca.isSignedBy(signer.publicKey)).toBe(true)
  const x509 = new X509Certificate(pem)
  expect(x509.ca).toBe(true)
  expect(x509.serialNumber).toBe(`40${'FF'.repeat(19)}`)
})

test('a device certificate stands under the CA, with the name and key of the request', async () => {
  const authority = authorityOf(signerOf(), 0)
  const caPem = await authority.makeCaCertificate()
  const request = { subject: nameDer('lamp-1'), publicKey: device.publicKey }
  const pem = await authority.issue(acme, caPem, request)
  const [leaf, ca] = [new X509Certificate(pem), new X509Certificate(caPem)]
  expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true)
  expect(leaf.ca).toBe(false)
  const identified = createIdentify()(pem)
  expect(identified).toMatchObject({
    ok: true,
    certificate: {
      facts: {
        subject: [{ value: 'lamp-1' }],
        basicConstraints: { ca: false },
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
        publicKey: { type: 'ec', curve: 'P-384' },
        serialNumber: `40${'00'.repeat(19)}`,
        notBefore: new Date('2026-06-01T11:55:00Z'),
        notAfter: new Date('2049-12-31T23:59:59Z'),
      },
    },
  })
})

test('a device without a name gets one', async () => {
  const authority = authorityOf(signerOf())
  const caPem = await authority.makeCaCertificate()
  const { publicKey } = device
  const pem = await authority.issue(acme, caPem, { subject: undefined, publicKey })
  expect(new X509Certificate(pem).subject).toBe('CN=Thingpass Certificate')
})

test('nothing is given out that does not verify', async () => {
  const caPem = await authorityOf(signerOf()).makeCaCertificate()
  const request = { subject: undefined, publicKey: device.publicKey }
  const misfit = expect.objectContaining({ code: 'CONFIGURATION_INVALID' })
  // The key was lost, and made again.
  await expect(authorityOf(signerOf()).issue(acme, caPem, request)).rejects.toEqual(misfit)
  const broken = { ...signerOf(), sign: async () => Buffer.from('no signature') }
  await expect(authorityOf(broken).makeCaCertificate()).rejects.toEqual(misfit)
  await expect(authorityOf(signerOf()).issue(acme, 'no PEM', request)).rejects.toEqual(
    expect.objectContaining({ code: 'REGISTRY_UNREADABLE' }),
  )
})

test('without a key nothing is made', async () => {
  const caPem = await authorityOf(signerOf()).makeCaCertificate()
  const none = authorityOf(undefined)
  expect(await none.makeCaCertificate()).toBe('none')
  const { publicKey } = device
  expect(await none.issue(acme, caPem, { subject: undefined, publicKey })).toBe('none')
})

test('a key pair is RSA with 2048 bits, its parts in the forms of AWS', async () => {
  const { publicKey, publicKeyPem, privateKeyPem } = await makeKeyPair()
  const key = createPrivateKey(privateKeyPem)
  expect(privateKeyPem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
  expect(publicKeyPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048)
  const signature = sign('sha256', Buffer.from('x'), key)
  expect(verify('sha256', Buffer.from('x'), publicKeyPem, signature)).toBe(true)
  const der = { key: Buffer.from(publicKey), format: 'der', type: 'spki' } as const
  expect(verify('sha256', Buffer.from('x'), der, signature)).toBe(true)
})
