import { DEFAULT_SESSION_PROFILE } from '@thingpass/core/records'
import { expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { CAMERA, FLOOR, HOUSE, LAMP, READER } = world

/** What was written is what a request's facts say. */
export function describeFacts(registry: () => world.RegistryUnderTest): void {
  test('a certificate that was never registered has no facts', async () => {
    const facts = await world.factsOf(registry(), world.newCertificateId(), { thing: LAMP })
    expect(facts).toEqual({ policies: [], sessionPolicies: [] })
  })

  test('every record comes back as it was written', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const certificateId = world.newCertificateId()
    const ca = world.newCa(tenantId)
    const { caCertificateId } = ca.record
    await writes.putTenant({ record: world.tenantRecord(tenantId) })
    await writes.registerCa({ ...ca, pem: 'PEM of the CA' })
    const registered = await writes.registerCertificate({
      tenantId,
      certificateId,
      registration: { kind: 'ca', caCertificateId },
      status: 'PENDING_ACTIVATION',
      pem: 'PEM of the device',
    })
    await writes.createThingType({
      tenantId,
      thingTypeName: world.thingTypeName('lamp'),
      searchableAttributes: [],
    })
    const attributes = new Map([
      ['site', 'north'],
      ['constructor', '1'],
      ['__proto__', '2'],
    ])
    await writes.createThing({
      tenantId,
      thingName: LAMP,
      thingTypeName: world.thingTypeName('lamp'),
      attributes,
    })
    await writes.createRoleAlias({
      tenantId,
      roleAlias: CAMERA,
      roleArn: world.ROLE,
      credentialDurationSeconds: 900,
    })
    await writes.putSessionProfile({
      tenantId,
      roleAlias: CAMERA,
      profile: {
        tags: new Map([['site', `\${iot:Connection.Thing.Attributes[site]}`]]),
        transitiveTagKeys: ['site'],
        sourceIdentity: 'certificateId',
        requireThingName: true,
        longDuration: 'refuse',
      },
    })

    const facts = await world.factsOf(registry(), certificateId, { thing: LAMP, alias: CAMERA })
    const { thingId } = facts.thing!.record

    expect(facts).toEqual({
      certificate: {
        certificateId,
        tenantId,
        registrationId: registered.ok && registered.registrationId,
        status: 'PENDING_ACTIVATION',
        registration: { kind: 'ca', caCertificateId },
      },
      tenant: world.tenantRecord(tenantId),
      ca: ca.record,
      thing: {
        record: {
          thingName: LAMP,
          thingId,
          thingTypeName: 'lamp',
          attributes,
          groups: [],
        },
        attached: false,
      },
      policies: [],
      alias: {
        roleAlias: CAMERA,
        roleArn: world.ROLE,
        credentialDurationSeconds: 900,
        sessionProfile: {
          scope: 'role',
          tags: new Map([['site', `\${iot:Connection.Thing.Attributes[site]}`]]),
          transitiveTagKeys: ['site'],
          sourceIdentity: 'certificateId',
          requireThingName: true,
          longDuration: 'refuse',
        },
      },
      sessionPolicies: [],
    })
  })

  test('a tenant without record, rate limit or enabled status is told apart', async () => {
    const { writes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    const { rateLimit: _limit, ...record } = world.tenantRecord(tenantId)
    await writes.putTenant({ record: { ...record, status: 'DISABLED' } })
    const facts = await world.factsOf(registry(), certificateId)
    expect(facts.tenant).toEqual({ ...record, status: 'DISABLED' })
  })

  test('policies come by certificate and by live group, each with its identity', async () => {
    const { writes } = registry()
    const { tenantId, certificateId, generationId } = await world.seed(registry())
    const second = await writes.createPolicy({
      tenantId,
      policyName: world.policyName('audit'),
      document: 'not a policy',
    })
    await writes.createThingGroup({ tenantId, groupName: HOUSE, attributes: new Map() })
    await writes.createThingGroup({
      tenantId,
      groupName: FLOOR,
      parentGroupName: HOUSE,
      attributes: new Map(),
    })
    await writes.addThingToGroup({ tenantId, groupName: FLOOR, thingName: LAMP })
    await writes.attachThing({ tenantId, certificateId, thingName: LAMP, exclusive: false })
    const attach = (
      policyName: typeof READER,
      target: { kind: 'thing-group'; groupName: typeof HOUSE },
    ) => writes.attachPolicy({ tenantId, policyName, target })
    await writes.attachPolicy({
      tenantId,
      policyName: READER,
      target: { kind: 'certificate', certificateId },
    })
    await attach(world.policyName('audit'), { kind: 'thing-group', groupName: HOUSE })

    const { policies, thing } = await world.factsOf(registry(), certificateId, { thing: LAMP })

    expect(thing?.attached).toBe(true)
    expect(thing?.record.groups.map((group) => group.groupName)).toEqual([FLOOR, HOUSE])
    expect(policies).toEqual([
      {
        policyName: READER,
        versionId: '1',
        generationId,
        attachedTo: { kind: 'certificate' },
        document: expect.objectContaining({ version: '2012-10-17' }),
      },
      {
        policyName: 'audit',
        versionId: '1',
        generationId: second.ok && second.generationId,
        attachedTo: { kind: 'thing-group', groupName: HOUSE },
        document: undefined,
      },
    ])
  })

  test('without attachment a thing brings no group and no group policy', async () => {
    const { writes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    await writes.createThingGroup({ tenantId, groupName: HOUSE, attributes: new Map() })
    await writes.addThingToGroup({ tenantId, groupName: HOUSE, thingName: LAMP })
    await writes.attachPolicy({
      tenantId,
      policyName: READER,
      target: { kind: 'thing-group', groupName: HOUSE },
    })
    const facts = await world.factsOf(registry(), certificateId, { thing: LAMP })
    expect(facts.thing).toMatchObject({ attached: false, record: { groups: [] } })
    expect(facts.policies).toEqual([])
  })

  test('the exclusive thing is the default where the tenant says so', async () => {
    const { writes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    await writes.attachThing({ tenantId, certificateId, thingName: LAMP, exclusive: true })
    const facts = await world.factsOf(registry(), certificateId)
    expect(facts.certificate?.exclusiveThing).toBe(LAMP)
    expect(facts.thing).toMatchObject({ attached: true, record: { thingName: LAMP } })

    const record = { ...world.tenantRecord(tenantId), defaultThing: 'never' as const }
    await writes.putTenant({ record })
    expect(await world.factsOf(registry(), certificateId)).not.toHaveProperty('thing')
  })

  test('the default version is the one that counts, and its session policies come with the alias', async () => {
    const { writes } = registry()
    const { tenantId, certificateId, generationId } = await world.seed(registry())
    await writes.createRoleAlias({
      tenantId,
      roleAlias: CAMERA,
      roleArn: world.ROLE,
      credentialDurationSeconds: 3600,
    })
    await writes.attachPolicy({
      tenantId,
      policyName: READER,
      target: { kind: 'role-alias', roleAlias: CAMERA },
    })
    await writes.createPolicyVersion({
      tenantId,
      policyName: READER,
      document: world.DENY,
      setAsDefault: true,
      rendersAsSessionPolicy: true,
    })
    const facts = await world.factsOf(registry(), certificateId, { alias: CAMERA })
    expect(facts.alias?.sessionProfile).toEqual({
      ...DEFAULT_SESSION_PROFILE,
      scope: 'session-policy',
    })
    expect(facts.sessionPolicies).toMatchObject([
      { policyName: READER, versionId: '2', generationId },
    ])
    expect(facts.policies).toEqual([])
  })

  test('names of another tenant mean nothing', async () => {
    const { writes } = registry()
    const { certificateId } = await world.seed(registry())
    const other = await world.seed(registry())
    await writes.createRoleAlias({
      tenantId: other.tenantId,
      roleAlias: CAMERA,
      roleArn: world.ROLE,
      credentialDurationSeconds: 3600,
    })
    await writes.createThing({
      tenantId: other.tenantId,
      thingName: world.PUMP,
      attributes: new Map(),
    })
    const facts = await world.factsOf(registry(), certificateId, {
      thing: world.PUMP,
      alias: CAMERA,
    })
    expect(facts).not.toHaveProperty('thing')
    expect(facts).not.toHaveProperty('alias')
  })
}
