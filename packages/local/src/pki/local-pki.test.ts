import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepDeviceCa, keepDeviceIdentity, keepServerIdentity, PKI_FILES } from './local-pki.ts'

const NOW = new Date('2030-01-01T12:00:00Z')
const DAY_MS = 24 * 60 * 60 * 1000
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS)

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pki-test-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

const modeOf = async (...path: string[]) => (await stat(join(dataDir, ...path))).mode & 0o777

describe('the server identity', () => {
  test('is for the three loopback names, signed by the kept CA', async () => {
    const { server, caPem } = await keepServerIdentity(dataDir, NOW)
    const certificate = new X509Certificate(server.certificatePem)
    expect(certificate.verify(new X509Certificate(caPem).publicKey)).toBe(true)
    expect(certificate.checkIssued(new X509Certificate(caPem))).toBe(true)
    expect(certificate.checkHost('localhost')).toBe('localhost')
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(certificate.checkIP('::1')).toBe('::1')
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(certificate.ca).toBe(false)
    expect(await readFile(PKI_FILES.serverCa(dataDir), 'utf8')).toBe(caPem)
  })

  test('is the same at the next start', async () => {
    const first = await keepServerIdentity(dataDir, NOW)
    expect(await keepServerIdentity(dataDir, inDays(59))).toEqual(first)
  })

  test('is made anew under the same CA when it has less than 30 days left', async () => {
    const first = await keepServerIdentity(dataDir, NOW)
    const second = await keepServerIdentity(dataDir, inDays(61))
    expect(second.caPem).toBe(first.caPem)
    expect(second.server.certificatePem).not.toBe(first.server.certificatePem)
    expect(new X509Certificate(second.server.certificatePem).validToDate).toEqual(inDays(61 + 90))
  })

  test('is made anew when its CA was', async () => {
    const first = await keepServerIdentity(dataDir, NOW)
    await rm(PKI_FILES.serverCa(dataDir))
    const second = await keepServerIdentity(dataDir, NOW)
    expect(second.caPem).not.toBe(first.caPem)
    const certificate = new X509Certificate(second.server.certificatePem)
    expect(certificate.verify(new X509Certificate(second.caPem).publicKey)).toBe(true)
  })

  test('has keys that only the owner can read, in folders that only the owner can open', async () => {
    await keepServerIdentity(dataDir, NOW)
    expect(await modeOf('server')).toBe(0o700)
    expect(await modeOf('server', 'ca.key')).toBe(0o600)
    expect(await modeOf('server', 'private.key')).toBe(0o600)
  })
})

describe('a device identity', () => {
  const keep = async () => {
    const ca = await keepDeviceCa(dataDir, 'acme', NOW)
    const device = { thingName: 'camera-1', organization: 'acme', ca }
    return { ca, identity: await keepDeviceIdentity(dataDir, device, NOW) }
  }

  test("is a P-256 client certificate under the tenant's CA, named for the thing", async () => {
    const { ca, identity } = await keep()
    const certificate = new X509Certificate(identity.certificatePem)
    expect(certificate.checkIssued(new X509Certificate(ca.certificatePem))).toBe(true)
    expect(certificate.subject).toBe('O=acme\nCN=camera-1')
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
    expect(certificate.ca).toBe(false)
    expect(new X509Certificate(ca.certificatePem).ca).toBe(true)
    expect(await modeOf('devices', 'camera-1', 'private.key')).toBe(0o600)
    expect(await modeOf('devices', 'camera-1')).toBe(0o700)
    expect(await modeOf('cas', 'acme', 'private.key')).toBe(0o600)
  })

  test('is the same at the next start', async () => {
    expect(await keep()).toEqual(await keep())
  })

  // What a crash or a hand can leave behind.
  const damages: Record<string, () => Promise<unknown>> = {
    'the key is gone': () => rm(PKI_FILES.devicePrivateKey(dataDir, 'camera-1')),
    'the certificate is gone': () => rm(PKI_FILES.deviceCertificate(dataDir, 'camera-1')),
    'the certificate is torn': () =>
      writeFile(PKI_FILES.deviceCertificate(dataDir, 'camera-1'), '-----BEGIN'),
    "the key is another's": async () =>
      writeFile(
        PKI_FILES.devicePrivateKey(dataDir, 'camera-1'),
        await readFile(join(dataDir, 'cas', 'acme', 'private.key')),
      ),
    "the tenant's CA is another": () => rm(join(dataDir, 'cas', 'acme', 'private.key')),
  }
  test.each(Object.entries(damages))('is made anew when %s', async (_, damage) => {
    const first = await keep()
    await damage()
    const second = await keep()
    expect(second.identity.certificatePem).not.toBe(first.identity.certificatePem)
    expect(await keep()).toEqual(second)
  })

  test('leaves no draft behind', async () => {
    await keep()
    expect(await readdir(join(dataDir, 'devices', 'camera-1'))).toEqual([
      'certificate.pem',
      'private.key',
    ])
  })
})
