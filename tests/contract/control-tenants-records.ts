import {
  CreateKeysAndCertificateCommand,
  CreateThingCommand,
  DeleteThingCommand,
  DescribeCACertificateCommand,
} from '@aws-sdk/client-iot'
import { authenticate } from '@thingpass/core/authenticate'
import { parseCertificateId, parseTenantId } from '@thingpass/core/names'
import { createIdentify } from '@thingpass/x509/identify'
import { describe, expect, test } from 'vitest'
import { newAuthority } from './control-cas-scene.ts'
import { ACCOUNT, NOW, ROLE, type World } from './control-world.ts'

const EPOCH = NOW.getTime() / 1000

/** Tenants, as the administrator keeps them. */
export function testTenantRecords(world: () => World): void {
  let made = 0
  const newName = () => {
    made += 1
    return `made-${made}`
  }
  const call = (method: string, path: string, body?: object) =>
    world().call(method, `/thingpass/tenants${path}`, body)
  const create = async (body: object = {}) => {
    const tenantId = newName()
    expect((await call('POST', '', { tenantId, ...body })).status).toBe(200)
    return tenantId
  }
  const CLOSED = {
    roleArnPatterns: [],
    sessionTagKeys: [],
    certificatesWithoutCa: false,
    apiArnPatterns: [],
    defaultThing: 'never',
    inactiveCaRefusesDevices: false,
    authorizerRequiresThing: true,
  }
  const FULL = {
    roleArnPatterns: [`arn:aws:iam::${ACCOUNT}:role/devices/*`],
    sessionTagKeys: ['site', 'Kostenstelle Ä'],
    certificatesWithoutCa: true,
    apiArnPatterns: [`arn:aws:execute-api:us-east-1:${ACCOUNT}:a1b2c3/live/*/devices/*`],
    rateLimit: { perSecond: 0.5, burst: 10 },
    defaultThing: 'exclusive',
    inactiveCaRefusesDevices: true,
    authorizerRequiresThing: false,
  }

  describe('a tenant record', () => {
    test('opens nothing that nobody has opened, and has an external id of ours', async () => {
      const tenantId = newName()
      const { status, json } = await call('POST', '', { tenantId })
      expect([status, json]).toEqual([
        200,
        {
          ...CLOSED,
          ...{ tenantId, status: 'ENABLED' },
          externalId: expect.stringMatching(/^thingpass-[0-9a-f]{32}$/),
        },
      ])
      const described = await call('GET', `/${tenantId}`)
      expect(described.json).toEqual({ ...json, creationDate: EPOCH, lastModifiedDate: EPOCH })
    })

    test('is written whole, and keeps its external id', async () => {
      const tenantId = await create(FULL)
      const before = (await call('GET', `/${tenantId}`)).json
      expect(before).toMatchObject({ ...FULL, status: 'ENABLED' })
      const put = await call('PUT', `/${tenantId}`, { status: 'DISABLED' })
      expect(put.status).toBe(200)
      const after = (await call('GET', `/${tenantId}`)).json
      expect(after).toEqual({
        ...CLOSED,
        ...{ tenantId, status: 'DISABLED', externalId: before.externalId },
        ...{ creationDate: EPOCH, lastModifiedDate: EPOCH },
      })
    })

    test.each([
      ['an external id', { externalId: 'mine' }],
      ['a member that nobody knows', { roleArnPattern: [] }],
      ['an unknown status', { status: 'enabled' }],
      ['a role of any name', { roleArnPatterns: ['*'] }],
      ['a role of any partition', { roleArnPatterns: ['arn:*:iam::1:role/x-y-z-0'] }],
      ['a user', { roleArnPatterns: [`arn:aws:iam::${ACCOUNT}:user/anna`] }],
      ['an API of any service', { apiArnPatterns: ['arn:aws:*:us-east-1:1:a/b/c/d'] }],
      ['a tag of AWS', { sessionTagKeys: ['aws:x'] }],
      ['a tag of AWS in other letters', { sessionTagKeys: ['AWS:x'] }],
      ['a tag of the broker', { sessionTagKeys: ['credentials-iot:ThingName'] }],
      ['a tag of ours', { sessionTagKeys: ['Thingpass:TenantId'] }],
      ['a tag that STS does not take', { sessionTagKeys: ['a{b}'] }],
      ['a tag without a name', { sessionTagKeys: [''] }],
      ['too many tags', { sessionTagKeys: Array.from({ length: 51 }, (_, n) => `k${n}`) }],
      ['a rate of nothing', { rateLimit: { perSecond: 0, burst: 1 } }],
      ['a rate below nothing', { rateLimit: { perSecond: -1, burst: 1 } }],
      ['a rate in words', { rateLimit: { perSecond: '1', burst: 1 } }],
      ['a burst of nothing', { rateLimit: { perSecond: 1, burst: 0 } }],
      ['a burst that is no whole number', { rateLimit: { perSecond: 1, burst: 1.5 } }],
      ['half a rate', { rateLimit: { perSecond: 1 } }],
      ['an unknown default', { defaultThing: 'first' }],
      ['a flag in words', { certificatesWithoutCa: 'true' }],
    ])('is not written with %s', async (_, body) => {
      const tenantId = newName()
      const refused = { status: 400, errorType: 'InvalidRequestException' }
      expect(await call('POST', '', { tenantId, ...body })).toMatchObject(refused)
      expect((await call('GET', `/${tenantId}`)).status).toBe(404)
      const known = await create()
      expect(await call('PUT', `/${known}`, { status: 'ENABLED', ...body })).toMatchObject(refused)
    })

    test('is not put without saying its status', async () => {
      const tenantId = await create({ status: 'DISABLED' })
      expect((await call('PUT', `/${tenantId}`, {})).status).toBe(400)
      expect((await call('GET', `/${tenantId}`)).json).toMatchObject({ status: 'DISABLED' })
    })

    test.each(['Acme', '-a', 'a_b', '', 'a'.repeat(64)])('has no name such as %j', async (name) => {
      expect((await call('POST', '', { tenantId: name })).status).toBe(400)
    })

    test('is made once', async () => {
      const tenantId = await create()
      expect(await call('POST', '', { tenantId })).toMatchObject({
        status: 409,
        errorType: 'ResourceAlreadyExistsException',
      })
    })

    test.each([
      ['GET', undefined],
      ['PUT', { status: 'ENABLED' }],
      ['DELETE', undefined],
    ] as const)('that is not there is not found by %s', async (method, body) => {
      expect(await call(method, '/nobody', body)).toEqual({
        status: 404,
        errorType: 'ResourceNotFoundException',
        json: { __type: 'ResourceNotFoundException', message: 'Tenant nobody does not exist' },
      })
    })

    test('is one of a list, in pages', async () => {
      const [first, second] = [await create(), await create({ status: 'DISABLED' })]
      const tenants: unknown[] = []
      let next = ''
      do {
        const query = next === '' ? '?maxResults=1' : `?maxResults=1&nextToken=${next}`
        const { json } = await call('GET', query)
        expect(json.tenants).toHaveLength(1)
        tenants.push(...(json.tenants as unknown[]))
        next = encodeURIComponent((json.nextToken as string | undefined) ?? '')
      } while (next !== '')
      expect(tenants).toEqual(
        expect.arrayContaining([
          { tenantId: 'acme', status: 'ENABLED' },
          { tenantId: first, status: 'ENABLED' },
          { tenantId: second, status: 'DISABLED' },
        ]),
      )
    })

    test('is deleted when the tenant is empty, and made again with another external id', async () => {
      const tenantId = await create()
      const { externalId } = (await call('GET', `/${tenantId}`)).json
      const client = world().client({ profile: 'default', tenant: tenantId })
      await client.send(new CreateThingCommand({ thingName: 'lamp' }))
      expect(await call('DELETE', `/${tenantId}`)).toMatchObject({
        status: 409,
        errorType: 'DeleteConflictException',
      })
      await client.send(new DeleteThingCommand({ thingName: 'lamp' }))
      expect((await call('DELETE', `/${tenantId}`)).status).toBe(200)
      expect((await call('GET', `/${tenantId}`)).status).toBe(404)
      await call('POST', '', { tenantId })
      expect((await call('GET', `/${tenantId}`)).json.externalId).not.toBe(externalId)
    })

    test('is not made over what an earlier tenant has left', async () => {
      const tenantId = await create()
      await call('DELETE', `/${tenantId}`)
      // As a registration would that was under way while the tenant was deleted.
      await world().writes.registerCertificate({
        tenantId: parseTenantId(tenantId)!,
        certificateId: parseCertificateId('7e'.repeat(32))!,
        registration: { kind: 'without-ca' },
        status: 'ACTIVE',
      })
      expect(await call('POST', '', { tenantId })).toMatchObject({
        status: 409,
        errorType: 'ConflictException',
      })
    })
  })

  test('a disabled tenant refuses its devices with the next request', async () => {
    const tenantId = await create({ roleArnPatterns: [ROLE] })
    const client = world().client({ profile: 'default', tenant: tenantId })
    const command = new CreateKeysAndCertificateCommand({ setAsActive: true })
    const identified = createIdentify()((await client.send(command)).certificatePem!)
    if (!identified.ok) throw new Error(identified.reason)
    const { facts: presented, isSignedBy } = identified.certificate
    const { certificateId, issuerHint, serialNumber } = presented
    const authenticated = async () => {
      const deadline = new Date(NOW.getTime() + 3000)
      const query = { certificateId, issuerHint, serialNumber, deadline }
      const { facts } = await world().readFacts(query)
      const signedByCa = isSignedBy(facts.ca?.publicKey ?? new Uint8Array())
      return authenticate(presented, { ...facts, signedByCa }, NOW)
    }
    expect(await authenticated()).toMatchObject({ allow: true, tenant: { tenantId } })
    await call('PUT', `/${tenantId}`, { status: 'DISABLED' })
    expect(await authenticated()).toEqual({ allow: false, reason: 'tenant-disabled' })
  })

  describe('the administrator', () => {
    test('registers a CA for a tenant without proof', async () => {
      const tenantId = await create()
      const ca = newAuthority()
      const path = `/${tenantId}/cacertificate`
      const { status, json } = await call('POST', `${path}?setAsActive=true`, {
        caCertificate: ca.pem,
        certificateMode: 'SNI_ONLY',
      })
      expect(status).toBe(200)
      const client = world().client({ profile: 'default', tenant: tenantId })
      const certificateId = json.certificateId as string
      const described = await client.send(new DescribeCACertificateCommand({ certificateId }))
      expect(described.certificateDescription).toMatchObject({
        ...{ status: 'ACTIVE', certificateMode: 'SNI_ONLY', certificatePem: ca.pem },
      })
      expect(await call('POST', path, { caCertificate: ca.pem })).toMatchObject({ status: 409 })
      expect(await call('POST', path, { caCertificate: 'x' })).toMatchObject({ status: 400 })
      expect(await call('POST', path, { caCertificate: ca.pem, tags: [] })).toMatchObject({
        status: 400,
      })
      const other = `/${await create()}/cacertificate`
      const refusal = await call('POST', other, { caCertificate: ca.pem })
      expect(refusal).toMatchObject({ status: 409, errorType: 'ResourceAlreadyExistsException' })
      expect(JSON.stringify(refusal)).not.toContain(certificateId)
      const nobody = await call('POST', '/nobody/cacertificate', { caCertificate: ca.pem })
      expect(nobody.status).toBe(404)
    })

    const routes = [
      ['GET', '/thingpass/tenants'],
      ['POST', '/thingpass/tenants'],
      ['GET', '/thingpass/tenants/acme'],
      ['PUT', '/thingpass/tenants/acme'],
      ['DELETE', '/thingpass/tenants/acme'],
      ['POST', '/thingpass/tenants/acme/cacertificate'],
    ] as const
    test.each(routes)('alone has %s %s', async (method, path) => {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {}
      const denied = { status: 403, errorType: 'AccessDeniedException' }
      expect(await world().call(method, path, body, 'acme')).toMatchObject(denied)
      const unknown = { status: 404, errorType: 'UnknownOperationException' }
      expect(await world().call(method, `/t/acme${path}`, body)).toMatchObject(unknown)
      expect(await world().call(method, `/t/acme${path}`, body, 'acme')).toMatchObject(unknown)
      expect(await world().call(method, `/t/default${path}`, body)).toMatchObject(unknown)
    })
  })
}
