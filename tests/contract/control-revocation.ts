import { hash } from 'node:crypto'
import {
  DeleteCertificateCommand,
  RegisterCACertificateCommand,
  RegisterCertificateCommand,
  RegisterCertificateWithoutCACommand,
  UpdateCACertificateCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import { authenticate } from '@thingpass/core/authenticate'
import { parseTenantId } from '@thingpass/core/names'
import { parseCaCertificate } from '@thingpass/x509/ca-certificate'
import { createIdentify } from '@thingpass/x509/identify'
import type { TestCertificate } from '@thingpass/x509/testing/certificates'
import { createKey, withPointForm } from '@thingpass/x509/testing/keys'
import {
  createRevocationList,
  deltaExtension,
  type RevocationListOptions,
  scopeExtension,
  unknownExtension,
} from '@thingpass/x509/testing/revocation-lists'
import { describe, expect, test } from 'vitest'
import {
  forgedAuthority,
  newAuthority,
  newDevice,
  proofOf,
  registerCa,
} from './control-cas-scene.ts'
import { errorOf, NOW, type World } from './control-world.ts'

const ACME = parseTenantId('acme')!
const DAY_MS = 86_400_000
const later = (milliseconds: number) => new Date(NOW.getTime() + milliseconds)
const THIS_UPDATE = later(-DAY_MS)
const NEXT_UPDATE = later(DAY_MS)
const seconds = (time: Date) => time.getTime() / 1000

/** The grace of an hour that most lists here are given. */
const GRACE = 3600

/** Revocation lists: what may be put, what is shown, and whom devices' requests hear of it. */
export function testRevocation(world: () => World): void {
  const identify = createIdentify()
  const listOf = (ca: TestCertificate, options: RevocationListOptions = {}) =>
    createRevocationList(ca, { thisUpdate: THIS_UPDATE, nextUpdate: NEXT_UPDATE, ...options })

  function identified(pem: string) {
    const identification = identify(pem)
    if (!identification.ok) throw new Error(identification.reason)
    return identification.certificate
  }

  /** The verdict on any device at an instant. */
  async function verdictOn(pem: string, now = NOW): Promise<string> {
    const { facts: presented, isSignedBy } = identified(pem)
    const { certificateId, issuerHint, serialNumber } = presented
    const query = { certificateId, issuerHint, serialNumber, deadline: later(3000) }
    const { facts } = await world().readFacts(query)
    const signedByCa = isSignedBy(facts.ca?.publicKey ?? new Uint8Array())
    const authentication = authenticate(presented, { ...facts, signedByCa }, now)
    return authentication.allow ? 'allowed' : authentication.reason
  }

  /** A CA of acme's with a device. */
  async function begin(options: Parameters<typeof newAuthority>[0] = {}) {
    const acme = world().client({ profile: 'acme' })
    const ca = newAuthority(options)
    const { certificateId: caId } = await registerCa(acme, ca)
    const device = newDevice(ca)
    const register = (pem: string) =>
      acme.send(new RegisterCertificateCommand({ certificatePem: pem, setAsActive: true }))
    await register(device.pem)
    const { facts: presented } = identified(device.pem)
    const path = `/thingpass/cacertificate/${caId}/crl`
    const call = (method: string, rest = '', body?: object, profile = 'acme') =>
      world().call(method, `/t/acme${path}${rest}`, body, profile)
    const send = async (crl: string, more: object = { graceSeconds: GRACE }) => {
      const { status, errorType, json } = await call('PUT', '', { crl, ...more })
      return status === 200 ? json : [status, errorType, json.message]
    }
    const put = (listOptions: RevocationListOptions = {}, more?: object) =>
      send(listOf(ca, listOptions).pem, more)
    /** The verdict on the device at an instant. */
    const verdict = (now = NOW) => verdictOn(device.pem, now)
    const serial = BigInt(`0x${presented.serialNumber}`)
    return { acme, ca, caId, device, register, path, call, send, put, verdict, serial, presented }
  }
  type Scene = Awaited<ReturnType<typeof begin>>

  test('T27: a device is refused with the very next request after its list was put', async () => {
    const { put, verdict, serial, call, presented } = await begin()
    expect(await verdict()).toBe('allowed')
    const entries = [1n, serial, 3n]
    expect(await put({ entries })).toEqual({ number: '1', entryCount: 3, changed: true })
    expect(await verdict()).toBe('certificate-revoked-by-ca')
    expect(await put({ number: 2n, entries: [1n] })).toMatchObject({ changed: true })
    expect(await verdict()).toBe('allowed')
    const check = await call('GET', `/${presented.serialNumber}`)
    expect(check.json).toEqual({ serialNumber: presented.serialNumber, revoked: false })
  })

  test('T27: an explanation says so, too', async () => {
    const { put, serial, presented } = await begin()
    const { certificateId } = presented
    const explain = async () => {
      const body = { certificateId, roleAlias: 'camera' }
      return (await world().call('POST', '/t/acme/thingpass/explain', body, 'acme')).json.reason
    }
    expect(await explain()).not.toBe('certificate-revoked-by-ca')
    await put({ entries: [serial] })
    expect(await explain()).toBe('certificate-revoked-by-ca')
  })

  /** Deletes the certificate of a device that is revoked, as an operator may. */
  async function remove({ acme, presented: { certificateId } }: Scene): Promise<void> {
    await acme.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
    await acme.send(new DeleteCertificateCommand({ certificateId }))
  }

  /** Changes settings of acme while something runs. */
  async function withAcme(change: object, run: () => Promise<void>): Promise<void> {
    const { writes } = world()
    const { record } = (await writes.getTenant(ACME))!
    await writes.putTenant({ record: { ...record, ...change } })
    try {
      await run()
    } finally {
      await writes.putTenant({ record })
    }
  }

  describe('without the private key of its CA a revoked certificate is not let in again', () => {
    test('T06: under a forged CA certificate that has the key in a second encoding', async () => {
      const scene = await begin()
      const { acme, ca, put, serial, device, verdict } = scene
      const verificationCertificate = await proofOf(acme, ca)
      await put({ entries: [serial] })
      const { pem } = forgedAuthority(ca, { form: 'compressed' })
      const proven = { caCertificate: pem, verificationCertificate, setAsActive: true }
      expect(await errorOf(acme.send(new RegisterCACertificateCommand(proven)))).toEqual([
        'CertificateValidationException',
        400,
        'The CA certificate is not valid: ca-certificate-key-unacceptable',
      ])
      await remove(scene)
      const again = { certificatePem: device.pem, caCertificatePem: pem, setAsActive: true }
      expect((await errorOf(acme.send(new RegisterCertificateCommand(again))))[1]).toBe(400)
      expect(await verdict()).toBe('certificate-unknown')
    })

    test('T06: under a CA whose key was stored in a second encoding', async () => {
      const scene = await begin()
      const { ca, put, serial, device, verdict, presented } = scene
      await put({ entries: [serial] })
      await remove(scene)
      const parsed = parseCaCertificate(forgedAuthority(ca, {}).pem)
      if (!parsed.ok) throw new Error(parsed.reason)
      const { publicKey } = withPointForm(ca.key, 'compressed')
      const { caCertificateId, subjectDerSha256 } = parsed.ca
      await world().writes.registerCa({
        record: { tenantId: ACME, caCertificateId, publicKey, status: 'ACTIVE' },
        ...{ certificateMode: 'DEFAULT', autoRegistration: false },
        publicKeySha256: hash('sha256', publicKey, 'hex'),
        subjectSha256: subjectDerSha256,
      })
      await world().writes.registerCertificate({
        ...{ tenantId: ACME, certificateId: presented.certificateId, pem: device.pem },
        ...{ registration: { kind: 'ca', caCertificateId }, status: 'ACTIVE' },
      })
      expect(await verdict()).toBe('certificate-not-signed-by-ca')
    })

    test('T28: without a CA, where the tenant may register so', async () => {
      const scene = await begin()
      const { acme, caId, put, serial, device, verdict } = scene
      await put({ entries: [serial] })
      await remove(scene)
      await withAcme({ certificatesWithoutCa: true }, async () => {
        const input = { certificatePem: device.pem, status: 'ACTIVE' } as const
        const alone = acme.send(new RegisterCertificateWithoutCACommand(input))
        expect((await errorOf(alone))[2]).toContain(caId)
        expect(await verdict()).toBe('certificate-unknown')
      })
    })
  })

  test('T06: a forged CA certificate of another name does not keep the first list off', async () => {
    const { acme, ca, put } = await begin()
    const verificationCertificate = await proofOf(acme, ca)
    const { pem: caCertificate } = forgedAuthority(ca, { subject: 'Forged' })
    const forged = new RegisterCACertificateCommand({ caCertificate, verificationCertificate })
    expect((await errorOf(acme.send(forged))).slice(0, 2)).toEqual([
      'CertificateValidationException',
      400,
    ])
    expect(await put()).toMatchObject({ changed: true })
  })

  test('T28: a tenant that requires lists refuses a device without a CA', async () => {
    const { acme } = await begin()
    const { pem } = newDevice(newAuthority())
    await withAcme({ certificatesWithoutCa: true }, async () => {
      const input = { certificatePem: pem, status: 'ACTIVE' } as const
      await acme.send(new RegisterCertificateWithoutCACommand(input))
      expect(await verdictOn(pem)).toBe('allowed')
      await withAcme({ revocationListRequired: true }, async () => {
        expect(await verdictOn(pem)).toBe('revocation-list-missing')
      })
    })
  })

  test('T28: a tenant that requires lists refuses devices of a CA without one', async () => {
    const { verdict, put } = await begin()
    const path = '/thingpass/tenants/acme'
    const { json } = await world().call('GET', path)
    expect(json).not.toHaveProperty('revocationListRequired')
    const { tenantId: _id, externalId: _external, creationDate: _made, ...rest } = json
    const { lastModifiedDate: _changed, ...settings } = rest
    const set = (revocationListRequired: boolean) =>
      world().call('PUT', path, { ...settings, revocationListRequired })
    expect((await set(true)).json).toMatchObject({ revocationListRequired: true })
    expect((await world().call('GET', path)).json).toMatchObject({ revocationListRequired: true })
    expect(await verdict()).toBe('revocation-list-missing')
    await put()
    expect(await verdict()).toBe('allowed')
    expect((await set(false)).json).toEqual(
      expect.not.objectContaining({ revocationListRequired: expect.anything() }),
    )
  })

  test('a list is shown without its entries, and is on record', async () => {
    const { ca, caId, send, call } = await begin()
    expect(await call('GET')).toMatchObject({
      status: 404,
      errorType: 'ResourceNotFoundException',
      json: { message: 'The CA has no revocation list' },
    })
    const number = 2n ** 150n
    const list = listOf(ca, { number, entries: [7n, 8n] })
    await send(list.pem)
    const { status, json } = await call('GET')
    expect([status, json]).toEqual([
      200,
      {
        number: String(number),
        status: 'CURRENT',
        thisUpdate: seconds(THIS_UPDATE),
        nextUpdate: seconds(NEXT_UPDATE),
        graceSeconds: GRACE,
        entryCount: 2,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        lastModifiedDate: seconds(NOW),
      },
    ])
    const changes = await world().changes(ACME)
    const [change] = changes.filter(
      ({ action, subject }) => action === 'put-revocation-list' && subject === `cacert/${caId}`,
    )
    expect(change).toBeDefined()
    if (change?.actor !== undefined) expect(change.actor).toMatch(/:user\/acme$/)
  })

  test('PEM and DER in base64 are one list', async () => {
    const { ca, send } = await begin()
    const list = listOf(ca)
    expect(await send(list.pem)).toMatchObject({ changed: true })
    expect(await send(list.der.toString('base64'))).toMatchObject({ changed: false })
    expect(await send(`\n${list.pem}\n`)).toMatchObject({ changed: false })
    expect(await send(list.pem.replaceAll('\n', '\r\n'))).toMatchObject({ changed: false })
  })

  test('T28: without a grace a list counts to its next update', async () => {
    const { put, call, verdict } = await begin()
    await put({}, {})
    expect((await call('GET')).json).toMatchObject({ graceSeconds: 0 })
    expect(await verdict(new Date(NEXT_UPDATE.getTime() - 1))).toBe('allowed')
    expect(await verdict(NEXT_UPDATE)).toBe('revocation-list-expired')
  })

  describe('T28: a list, by the clock', () => {
    const GRACE_END = new Date(NEXT_UPDATE.getTime() + GRACE * 1000)
    test.each<readonly [string, Date, string, string]>([
      ['before it begins', later(-2 * DAY_MS), 'allowed', 'certificate-revoked-by-ca'],
      ['as it begins', THIS_UPDATE, 'allowed', 'certificate-revoked-by-ca'],
      ['while it counts', NOW, 'allowed', 'certificate-revoked-by-ca'],
      ['at its next update', NEXT_UPDATE, 'allowed', 'certificate-revoked-by-ca'],
      [
        'in the last instant of its grace',
        new Date(GRACE_END.getTime() - 1),
        'allowed',
        'certificate-revoked-by-ca',
      ],
      [
        'at the end of its grace',
        GRACE_END,
        'revocation-list-expired',
        'certificate-revoked-by-ca',
      ],
      ['years later', later(4000 * DAY_MS), 'revocation-list-expired', 'certificate-revoked-by-ca'],
    ])('%s', async (_, now, good, revoked) => {
      const { put, verdict, serial } = await begin()
      await put({ entries: [1n] })
      expect(await verdict(now)).toBe(good)
      await put({ number: 2n, entries: [serial] })
      expect(await verdict(now)).toBe(revoked)
    })
  })

  describe('T28: a list is not put', () => {
    const rows: Record<string, readonly [RevocationListOptions, string]> = {
      'that another key signed': [
        { signingKey: createKey('P-256') },
        'The revocation list is not signed by the CA',
      ],
      'that has another name for its issuer': [
        { issuerName: 'Somebody else' },
        'The revocation list has another issuer name',
      ],
      'that begins later than clocks differ': [
        { thisUpdate: later(301_000) },
        'The revocation list is not in force yet',
      ],
      'that has ended': [{ nextUpdate: NOW }, 'The revocation list is past its next update'],
      'without next update': [
        { nextUpdate: false },
        'The revocation list is not valid: no-next-update',
      ],
      'without number': [{ number: false }, 'The revocation list is not valid: no-number'],
      'of version 1': [{ version: 1 }, 'The revocation list is not valid: version'],
      'T29: that is a delta': [
        { extensions: [deltaExtension(1n)] },
        'The revocation list is not valid: delta',
      ],
      'T29: that is indirect': [
        { extensions: [scopeExtension({ indirect: true })] },
        'The revocation list is not valid: indirect',
      ],
      'T29: that is partial': [
        { extensions: [scopeExtension({ onlySomeReasons: true })] },
        'The revocation list is not valid: partial',
      ],
      'T29: with a critical extension that nobody knows': [
        { extensions: [unknownExtension(true)] },
        'The revocation list is not valid: unknown-critical-extension',
      ],
      'T29: that takes a certificate off another one': [
        { entries: [{ serialNumber: 5n, reason: 8 }] },
        'The revocation list is not valid: remove-from-crl',
      ],
    }
    test.each(Object.entries(rows))('%s', async (_, [options, message]) => {
      const { put, verdict, call } = await begin()
      expect(await put(options)).toEqual([400, 'InvalidRequestException', message])
      expect(await verdict()).toBe('allowed')
      expect((await call('GET')).status).toBe(404)
    })

    test('and the one in force stays, when its number goes back or stands for another', async () => {
      const { put, verdict, serial } = await begin()
      await put({ number: 7n, entries: [serial] })
      expect(await put({ number: 6n })).toEqual([
        409,
        'ConflictException',
        'A revocation list with a higher number is in force',
      ])
      expect(await put({ number: 7n })).toEqual([
        409,
        'ConflictException',
        'Another revocation list with this number is in force',
      ])
      expect(await verdict()).toBe('certificate-revoked-by-ca')
    })

    test('of a key that has two names', async () => {
      const { acme, ca, put } = await begin()
      await registerCa(acme, newAuthority({ key: ca.key }))
      expect(await put()).toEqual([
        409,
        'ConflictException',
        'Another CA certificate with this key has another subject name: revocation lists cannot speak of both',
      ])
    })
  })

  test('a list that begins as far ahead as clocks may differ is put', async () => {
    const { put } = await begin()
    expect(await put({ thisUpdate: later(300_000) })).toMatchObject({ changed: true })
  })

  test.each([
    ['', "Value at 'crl' failed"],
    ['MIIB', 'The revocation list is not valid: not-a-crl'],
    ['-----BEGIN X509 CRL-----\n-----END X509 CRL-----', 'not valid: not-a-crl'],
  ])('what is no list is not put, and not repeated: %j', async (crl, message) => {
    const { send } = await begin()
    expect(await send(crl)).toMatchObject([
      400,
      'InvalidRequestException',
      expect.stringContaining(message),
    ])
  })

  test.each([-1, 2_592_001, 1.5, '60'])('a grace of %j is refused', async (graceSeconds) => {
    const { put } = await begin()
    expect(await put({}, { graceSeconds })).toMatchObject([400, 'InvalidRequestException', {}])
  })

  test('a member that nobody knows is refused', async () => {
    const { put } = await begin()
    expect(await put({}, { grace: 60 })).toMatchObject([400, 'InvalidRequestException', {}])
  })

  test('a grace of 30 days is taken, and is changed by putting the list again', async () => {
    const { ca, send, call, verdict } = await begin()
    const { pem } = listOf(ca)
    expect(await send(pem, { graceSeconds: 2_592_000 })).toMatchObject({ changed: true })
    const late = later(29 * DAY_MS)
    expect(await verdict(late)).toBe('allowed')
    expect(await send(pem, { graceSeconds: 0 })).toMatchObject({ changed: true })
    expect(await verdict(late)).toBe('revocation-list-expired')
    expect((await call('GET')).json).toMatchObject({ graceSeconds: 0 })
  })

  test("another tenant's CA is as unknown as one that nobody has", async () => {
    const { path, ca, presented, serial } = await begin()
    const { pem: crl } = listOf(ca, { entries: [serial] })
    const nobody = `/thingpass/cacertificate/${'0'.repeat(64)}/crl`
    for (const of of [path, nobody]) {
      const calls = [
        await world().call('PUT', `/t/beta${of}`, { crl }, 'beta'),
        await world().call('GET', `/t/beta${of}`, undefined, 'beta'),
        await world().call('GET', `/t/beta${of}/${presented.serialNumber}`, undefined, 'beta'),
      ]
      const [caId] = /[0-9a-f]{64}/.exec(of)!
      const message = `The CA certificate does not exist (id=${caId})`
      for (const { status, json } of calls) expect([status, json.message]).toEqual([404, message])
    }
  })

  test('nobody removes a list', async () => {
    const { put, call, verdict, serial } = await begin()
    await put({ entries: [serial] })
    expect(await call('DELETE')).toMatchObject({ status: 404 })
    expect(await verdict()).toBe('certificate-revoked-by-ca')
  })

  test('a list of an inactive CA is put', async () => {
    const { acme, caId, put, verdict, serial } = await begin()
    await acme.send(new UpdateCACertificateCommand({ certificateId: caId, newStatus: 'INACTIVE' }))
    expect(await put({ entries: [serial] })).toMatchObject({ changed: true })
    expect(await verdict()).toBe('certificate-revoked-by-ca')
  })

  test('a certificate that is on the list is not registered', async () => {
    const { ca, put, register } = await begin()
    const device = newDevice(ca)
    const serial = BigInt(`0x${identified(device.pem).facts.serialNumber}`)
    await put({ entries: [serial] })
    await expect(register(device.pem)).rejects.toMatchObject({
      name: 'CertificateStateException',
      message: 'The CA has revoked the certificate',
    })
    await put({ number: 2n })
    await expect(register(device.pem)).resolves.toMatchObject({})
  })

  test.each([
    ['5A03', '5a03', true],
    ['0005a03', '5a03', true],
    ['5a04', '5a04', false],
    ['0', '0', false],
    ['00', '0', false],
  ])('the serial number %s is looked up', async (asked, serialNumber, revoked) => {
    const { put, call } = await begin()
    expect((await call('GET', `/${asked}`)).status).toBe(404)
    await put({ entries: [0x5a03n] })
    expect((await call('GET', `/${asked}`)).json).toEqual({ serialNumber, revoked })
  })

  test.each(['xyz', '5a:03', '1'.repeat(41)])('%s is no serial number', async (asked) => {
    const { call } = await begin()
    expect(await call('GET', `/${asked}`)).toMatchObject({ status: 400 })
  })
}
