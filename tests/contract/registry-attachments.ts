import type { PolicyTarget } from '@thingpass/core/registry-writes/policy-attachments'
import { expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { CAMERA, HOUSE, LAMP, PUMP, READER } = world

/** Attachments of things and policies: what they need, what they refuse, and that they can be made twice. */
export function describeAttachments(registry: () => world.RegistryUnderTest): void {
  const attach = (
    seeded: Awaited<ReturnType<typeof world.seed>>,
    thingName: typeof LAMP,
    exclusive: boolean,
  ) => registry().writes.attachThing({ ...seeded, thingName, exclusive })

  async function seedTwoThings() {
    const seeded = await world.seed(registry())
    const { tenantId } = seeded
    await registry().writes.createThing({ tenantId, thingName: PUMP, attributes: new Map() })
    return seeded
  }

  test('a certificate is attached to several things, once each', async () => {
    const seeded = await seedTwoThings()
    expect(await attach(seeded, LAMP, false)).toEqual(world.changed)
    expect(await attach(seeded, LAMP, false)).toEqual(world.unchanged)
    expect(await attach(seeded, PUMP, false)).toEqual(world.changed)
    for (const thing of [LAMP, PUMP]) {
      const facts = await world.factsOf(registry(), seeded.certificateId, { thing })
      expect(facts.thing?.attached).toBe(true)
    }
  })

  test('an exclusive attachment is the only one', async () => {
    const seeded = await seedTwoThings()
    expect(await attach(seeded, LAMP, true)).toEqual(world.changed)
    expect(await attach(seeded, LAMP, true)).toEqual(world.unchanged)
    expect(await attach(seeded, PUMP, true)).toEqual(world.refused('certificate-exclusive'))
    expect(await attach(seeded, PUMP, false)).toEqual(world.refused('certificate-exclusive'))
    expect(await attach(seeded, LAMP, false)).toEqual(world.refused('certificate-exclusive'))
  })

  test('nothing becomes exclusive beside another thing', async () => {
    const seeded = await seedTwoThings()
    await attach(seeded, LAMP, false)
    await attach(seeded, PUMP, false)
    expect(await attach(seeded, LAMP, true)).toEqual(world.refused('certificate-has-other-things'))
    await registry().writes.detachThing({ ...seeded, thingName: PUMP })
    expect(await attach(seeded, PUMP, true)).toEqual(world.refused('certificate-has-other-things'))
    expect(await attach(seeded, LAMP, true)).toEqual(world.changed)
    const { certificate } = await world.factsOf(registry(), seeded.certificateId)
    expect(certificate?.exclusiveThing).toBe(LAMP)
  })

  test('a detached exclusive thing leaves the certificate free', async () => {
    const { writes } = registry()
    const seeded = await seedTwoThings()
    await attach(seeded, LAMP, true)
    expect(await writes.detachThing({ ...seeded, thingName: LAMP })).toEqual(world.changed)
    expect(await writes.detachThing({ ...seeded, thingName: LAMP })).toEqual(world.unchanged)
    const facts = await world.factsOf(registry(), seeded.certificateId, { thing: LAMP })
    expect(facts.certificate).not.toHaveProperty('exclusiveThing')
    expect(facts.thing?.attached).toBe(false)
    expect(await attach(seeded, PUMP, true)).toEqual(world.changed)
  })

  test('both ends of a thing attachment must be there, in the same tenant', async () => {
    const { writes } = registry()
    const seeded = await world.seed(registry())
    const other = await world.seed(registry())
    const foreign = { ...seeded, tenantId: other.tenantId, thingName: LAMP, exclusive: false }
    expect(await writes.attachThing(foreign)).toEqual(world.refused('certificate-unknown'))
    expect(await writes.detachThing(foreign)).toEqual(world.refused('certificate-unknown'))
    expect(await attach(seeded, PUMP, false)).toEqual(world.refused('thing-unknown'))
    expect(await writes.detachThing({ ...seeded, thingName: PUMP })).toEqual(
      world.refused('thing-unknown'),
    )
  })

  /** The three targets, all there. */
  async function seedTargets() {
    const { writes } = registry()
    const seeded = await world.seed(registry())
    const { tenantId, certificateId } = seeded
    await writes.createThingGroup({ tenantId, groupName: HOUSE, attributes: new Map() })
    await writes.createRoleAlias({
      tenantId,
      roleAlias: CAMERA,
      roleArn: world.ROLE,
      credentialDurationSeconds: 3600,
    })
    const targets: Record<PolicyTarget['kind'], PolicyTarget> = {
      certificate: { kind: 'certificate', certificateId },
      'thing-group': { kind: 'thing-group', groupName: HOUSE },
      'role-alias': { kind: 'role-alias', roleAlias: CAMERA },
    }
    return { ...seeded, targets }
  }

  const limits = [
    ['certificate', 10],
    ['thing-group', 2],
    ['role-alias', 10],
  ] as const

  test.each(limits)(
    'a policy is attached to a %s, listed, and detached, each twice alike',
    async (kind) => {
      const { writes } = registry()
      const { tenantId, targets } = await seedTargets()
      const target = targets[kind]
      const input = { tenantId, policyName: READER, target }
      const names = async () => {
        const listed = await writes.listAttachedPolicies({ tenantId, target, limit: 10 })
        return listed.ok && listed.items
      }
      expect(await names()).toEqual([])
      expect(await writes.attachPolicy(input)).toEqual(world.changed)
      expect(await writes.attachPolicy(input)).toEqual(world.unchanged)
      expect(await names()).toEqual([READER])
      expect(await writes.deletePolicy(input)).toEqual(world.refused('policy-attached'))
      expect(await writes.detachPolicy(input)).toEqual(world.changed)
      expect(await writes.detachPolicy(input)).toEqual(world.unchanged)
      expect(await names()).toEqual([])
      expect(await writes.deletePolicy(input)).toEqual(world.done)
    },
  )

  test.each(limits)('a %s has at most %i policies', async (kind, most) => {
    const { writes } = registry()
    const { tenantId, targets } = await seedTargets()
    const attachNth = async (n: number) => {
      const policyName = world.policyName(`p-${n}`)
      await writes.createPolicy({ tenantId, policyName, document: world.ALLOW })
      return writes.attachPolicy({ tenantId, policyName, target: targets[kind] })
    }
    for (let n = 1; n <= most; n += 1) expect(await attachNth(n)).toEqual(world.changed)
    expect(await attachNth(most + 1)).toEqual(world.refused('too-many-policies'))
  })

  test('policy and target must be there, in the same tenant', async () => {
    const { writes } = registry()
    const { tenantId, targets } = await seedTargets()
    const other = await world.seed(registry())
    const unknownPolicy = {
      tenantId,
      policyName: world.policyName('nobody'),
      target: targets.certificate,
    }
    expect(await writes.attachPolicy(unknownPolicy)).toEqual(world.refused('policy-unknown'))
    expect(await writes.detachPolicy(unknownPolicy)).toEqual(world.refused('policy-unknown'))
    for (const target of Object.values(targets)) {
      const foreign = { tenantId: other.tenantId, policyName: READER, target }
      expect(await writes.attachPolicy(foreign)).toEqual(world.refused('target-unknown'))
      expect(await writes.detachPolicy(foreign)).toEqual(world.refused('target-unknown'))
      expect(await writes.listAttachedPolicies({ ...foreign, limit: 10 })).toEqual(
        world.refused('target-unknown'),
      )
    }
  })

  test('a policy that changed since it was judged is not attached', async () => {
    const { writes } = registry()
    const { tenantId, targets, generationId } = await seedTargets()
    const input = { tenantId, policyName: READER, target: targets['role-alias'] }
    const judged = { generationId, versionId: '1' }
    await writes.createPolicyVersion({
      ...input,
      document: world.DENY,
      setAsDefault: true,
      rendersAsSessionPolicy: false,
    })
    expect(await writes.attachPolicy({ ...input, judged })).toEqual(world.refused('policy-changed'))
    const old = { ...judged, versionId: '2', generationId: 'of-an-earlier-policy' }
    expect(await writes.attachPolicy({ ...input, judged: old })).toEqual(
      world.refused('policy-changed'),
    )
    expect(await writes.getSessionProfile({ tenantId, roleAlias: CAMERA })).toMatchObject({
      scope: 'role',
    })
    const now = { ...judged, versionId: '2' }
    expect(await writes.attachPolicy({ ...input, judged: now })).toEqual(world.changed)
  })

  test('the first policy scopes a role alias, and detaching the last does not unscope it', async () => {
    const { writes } = registry()
    const { tenantId, targets, certificateId } = await seedTargets()
    const input = { tenantId, policyName: READER, target: targets['role-alias'] }
    const scope = async () =>
      (await world.factsOf(registry(), certificateId, { alias: CAMERA })).alias?.sessionProfile
        .scope
    expect(await scope()).toBe('role')
    await writes.attachPolicy(input)
    expect(await scope()).toBe('session-policy')
    await writes.detachPolicy(input)
    expect(await scope()).toBe('session-policy')
  })

  test('a deleted certificate gives its policies free, but only when it may be deleted', async () => {
    const { writes } = registry()
    const { tenantId, targets, certificateId } = await seedTargets()
    const certificate = { tenantId, certificateId }
    await writes.attachPolicy({ tenantId, policyName: READER, target: targets.certificate })
    await writes.attachThing({ ...certificate, thingName: LAMP, exclusive: false })
    const remove = (force: boolean) => writes.deleteCertificate({ ...certificate, force })
    expect(await remove(true)).toEqual(world.refused('certificate-active'))
    await writes.updateCertificateStatus({ ...certificate, status: 'INACTIVE' })
    expect(await remove(true)).toEqual(world.refused('things-attached'))
    await writes.detachThing({ ...certificate, thingName: LAMP })
    expect(await remove(false)).toEqual(world.refused('policies-attached'))
    expect(await remove(true)).toEqual(world.done)
    expect(await remove(true)).toEqual(world.refused('certificate-unknown'))
    expect(await world.factsOf(registry(), certificateId)).not.toHaveProperty('certificate')
    expect(await writes.deletePolicy({ tenantId, policyName: READER })).toEqual(world.done)
    expect(await writes.deleteThing({ tenantId, thingName: LAMP })).toEqual(world.done)
  })
}
