import { expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { CAMERA, FLOOR, HOUSE, LAMP, READER } = world

/** Names are reused: what is deleted and made again inherits nothing. */
export function describeMadeAgain(registry: () => world.RegistryUnderTest): void {
  test('a certificate that is registered again has no policy and no thing', async () => {
    const { writes } = registry()
    const seeded = await world.seed(registry())
    const { tenantId, certificateId } = seeded
    const target = { kind: 'certificate', certificateId } as const
    await writes.attachPolicy({ tenantId, policyName: READER, target })
    await writes.attachThing({ tenantId, certificateId, thingName: LAMP, exclusive: true })
    await writes.updateCertificateStatus({ tenantId, certificateId, status: 'INACTIVE' })
    await writes.detachThing({ tenantId, certificateId, thingName: LAMP })
    expect(await writes.deleteCertificate({ tenantId, certificateId, force: true })).toEqual(
      world.done,
    )
    const again = await writes.registerCertificate({
      tenantId,
      certificateId,
      registration: { kind: 'without-ca' },
      status: 'ACTIVE',
    })
    expect(again.ok && again.registrationId).not.toBe(seeded.registrationId)
    const facts = await world.factsOf(registry(), certificateId, { thing: LAMP })
    expect(facts.policies).toEqual([])
    expect(facts.thing?.attached).toBe(false)
    expect(facts.certificate).not.toHaveProperty('exclusiveThing')
    expect(await writes.listAttachedPolicies({ tenantId, target, limit: 10 })).toEqual({
      ok: true,
      items: [],
    })
    expect(await writes.deletePolicy({ tenantId, policyName: READER })).toEqual(world.done)
  })

  test('a certificate that another tenant registers afterwards brings nothing along', async () => {
    const { writes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    const other = await world.seed(registry())
    await writes.attachPolicy({
      tenantId,
      policyName: READER,
      target: { kind: 'certificate', certificateId },
    })
    await writes.updateCertificateStatus({ tenantId, certificateId, status: 'REVOKED' })
    await writes.deleteCertificate({ tenantId, certificateId, force: true })
    await writes.registerCertificate({
      tenantId: other.tenantId,
      certificateId,
      registration: { kind: 'without-ca' },
      status: 'ACTIVE',
    })
    const facts = await world.factsOf(registry(), certificateId)
    expect(facts).toMatchObject({ certificate: { tenantId: other.tenantId }, policies: [] })
  })

  test('a policy that is made again is attached to nothing', async () => {
    const { writes } = registry()
    const { tenantId, certificateId, generationId } = await world.seed(registry())
    const input = {
      tenantId,
      policyName: READER,
      target: { kind: 'certificate', certificateId },
    } as const
    await writes.attachPolicy(input)
    await writes.detachPolicy(input)
    expect(await writes.deletePolicy({ tenantId, policyName: READER })).toEqual(world.done)
    const again = await writes.createPolicy({ tenantId, policyName: READER, document: world.DENY })
    expect(again.ok && again.generationId).not.toBe(generationId)
    expect((await world.factsOf(registry(), certificateId)).policies).toEqual([])
    expect(await writes.listPolicyVersions({ tenantId, policyName: READER })).toMatchObject([
      { versionId: '1', document: world.DENY },
    ])
  })

  test('a thing that is made again is attached to nothing and in no group', async () => {
    const { writes } = registry()
    const { tenantId, certificateId, thingId } = await world.seed(registry())
    await writes.createThingGroup({ tenantId, groupName: HOUSE, attributes: new Map() })
    await writes.addThingToGroup({ tenantId, groupName: HOUSE, thingName: LAMP })
    await writes.attachThing({ tenantId, certificateId, thingName: LAMP, exclusive: false })
    await writes.detachThing({ tenantId, certificateId, thingName: LAMP })
    expect(await writes.deleteThing({ tenantId, thingName: LAMP })).toEqual(world.done)
    const again = await writes.createThing({ tenantId, thingName: LAMP, attributes: new Map() })
    expect(again.ok && again.thingId).not.toBe(thingId)
    const facts = await world.factsOf(registry(), certificateId, { thing: LAMP })
    expect(facts.thing).toMatchObject({ attached: false, record: { groups: [] } })
    expect(await writes.getThing({ tenantId, thingName: LAMP })).toMatchObject({ directGroups: [] })
  })

  test('a group that is made again has no member, and its members lose the parents they had through it', async () => {
    const { writes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    const floor = { tenantId, groupName: FLOOR, parentGroupName: HOUSE, attributes: new Map() }
    await writes.attachThing({ tenantId, certificateId, thingName: LAMP, exclusive: false })
    await writes.createThingGroup({ tenantId, groupName: HOUSE, attributes: new Map() })
    const first = await writes.createThingGroup(floor)
    await writes.addThingToGroup({ tenantId, groupName: FLOOR, thingName: LAMP })
    for (const groupName of [FLOOR, HOUSE]) {
      const target = { kind: 'thing-group', groupName } as const
      await writes.attachPolicy({ tenantId, policyName: READER, target })
    }
    expect(await writes.deleteThingGroup({ tenantId, groupName: FLOOR })).toEqual(world.done)

    const gone = await world.factsOf(registry(), certificateId, { thing: LAMP })
    expect(gone).toMatchObject({ policies: [], thing: { attached: true, record: { groups: [] } } })

    const second = await writes.createThingGroup(floor)
    expect(second.ok && second.groupId).not.toBe(first.ok && first.groupId)
    await writes.attachPolicy({
      tenantId,
      policyName: READER,
      target: { kind: 'thing-group', groupName: FLOOR },
    })
    const again = await world.factsOf(registry(), certificateId, { thing: LAMP })
    expect(again).toMatchObject({ policies: [], thing: { record: { groups: [] } } })

    expect(await writes.addThingToGroup({ tenantId, groupName: FLOOR, thingName: LAMP })).toEqual(
      world.changed,
    )
    const member = await world.factsOf(registry(), certificateId, { thing: LAMP })
    expect(member.policies).toHaveLength(2)
    expect(member.thing?.record.groups).toHaveLength(2)
  })

  test('a role alias that is made again has no policy but is as scoped as it was', async () => {
    const { writes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    const alias = { tenantId, roleAlias: CAMERA }
    const create = () =>
      writes.createRoleAlias({ ...alias, roleArn: world.ROLE, credentialDurationSeconds: 3600 })
    const input = {
      tenantId,
      policyName: READER,
      target: { kind: 'role-alias', roleAlias: CAMERA },
    } as const
    await create()
    await writes.attachPolicy(input)
    expect(await writes.deleteRoleAlias(alias)).toEqual(world.refused('policies-attached'))
    await writes.detachPolicy(input)
    for (const _time of [1, 2]) {
      expect(await writes.deleteRoleAlias(alias)).toEqual(world.done)
      expect(await writes.describeRoleAlias(alias)).toBeUndefined()
      expect(await create()).toEqual(world.done)
      const facts = await world.factsOf(registry(), certificateId, { alias: CAMERA })
      expect(facts.alias?.sessionProfile.scope).toBe('session-policy')
      expect(facts.sessionPolicies).toEqual([])
    }
  })

  test('a role alias that was never scoped is made again unscoped', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const alias = { tenantId, roleAlias: CAMERA }
    const create = () =>
      writes.createRoleAlias({ ...alias, roleArn: world.ROLE, credentialDurationSeconds: 3600 })
    await create()
    await writes.deleteRoleAlias(alias)
    await create()
    expect(await writes.getSessionProfile(alias)).toMatchObject({ scope: 'role' })
  })
}
