import type { RegistryWrites } from '@thingpass/core/registry-writes'
import type { TaggedResource } from '@thingpass/core/registry-writes/tags'
import * as world from './registry-world.ts'

const { CAMERA, FLOOR, HOUSE, LAMP, PUMP, READER } = world

const TYPE = world.thingTypeName('lamp')

export const none = new Map<string, string>()
export const SECOND = world.policyName('second')
export const profile = {
  tags: none,
  transitiveTagKeys: [],
  requireThingName: true,
  longDuration: 'refuse',
} as const

/** A tenant in which everything is there once and nothing is attached; its changes by short names. */
export async function beginScene(writes: RegistryWrites) {
  const seeded = await world.seed({ writes } as world.RegistryUnderTest)
  const { tenantId, certificateId, generationId } = seeded
  const certificate = { tenantId, certificateId }
  const key = { tenantId, policyName: READER }
  const alias = { tenantId, roleAlias: CAMERA }
  const lamp = { tenantId, thingName: LAMP }
  const house = { tenantId, groupName: HOUSE }
  const floor = { tenantId, groupName: FLOOR }
  const targets = {
    certificate: { kind: 'certificate', certificateId },
    group: { kind: 'thing-group', groupName: HOUSE },
    alias: { kind: 'role-alias', roleAlias: CAMERA },
  } as const
  const ca = world.newCa(tenantId)
  const it = {
    ...seeded,
    writes,
    certificate,
    key,
    alias,
    lamp,
    house,
    floor,
    ca,
    attach: (target: keyof typeof targets, policyName = READER) =>
      writes.attachPolicy({ tenantId, policyName, target: targets[target] }),
    detach: (target: keyof typeof targets) =>
      writes.detachPolicy({ ...key, target: targets[target] }),
    attachJudged: () =>
      writes.attachPolicy({
        ...key,
        target: targets.alias,
        judged: { generationId, versionId: '1' },
      }),
    addVersion: (setAsDefault: boolean, rendersAsSessionPolicy = true) =>
      writes.createPolicyVersion({
        ...key,
        document: world.DENY,
        setAsDefault,
        rendersAsSessionPolicy,
      }),
    setDefault: (versionId: string, rendersAsSessionPolicy = true) =>
      writes.setDefaultPolicyVersion({ ...key, generationId, versionId, rendersAsSessionPolicy }),
    dropVersion: (versionId: string) => writes.deletePolicyVersion({ ...key, versionId }),
    createPolicy: (policyName = READER) =>
      writes.createPolicy({ tenantId, policyName, document: world.ALLOW }),
    remakePolicy: async () => {
      await writes.deletePolicy(key)
      await it.createPolicy()
    },
    status: (status: 'ACTIVE' | 'INACTIVE' | 'REVOKED') =>
      writes.updateCertificateStatus({ ...certificate, status }),
    register: () =>
      writes.registerCertificate({
        ...certificate,
        registration: { kind: 'without-ca' },
        status: 'INACTIVE',
      }),
    dropCertificate: (force = true) => writes.deleteCertificate({ ...certificate, force }),
    remakeCertificate: async () => {
      await it.status('INACTIVE')
      await it.dropCertificate()
      await it.register()
    },
    /** Deletes the certificate, and another tenant registers it; with `attached` to a thing and a policy of the same names. */
    giveAway: async (status: 'ACTIVE' | 'INACTIVE', attached = false) => {
      await it.status('INACTIVE')
      await it.dropCertificate()
      const other = { ...certificate, tenantId: world.newTenant() }
      await writes.registerCertificate({ ...other, registration: { kind: 'without-ca' }, status })
      if (!attached) return
      await writes.createThing({ ...other, thingName: LAMP, attributes: none })
      await writes.createPolicy({ ...other, policyName: READER, document: world.ALLOW })
      await writes.attachThing({ ...other, thingName: LAMP, exclusive: false })
      await writes.attachPolicy({ ...other, policyName: READER, target: targets.certificate })
    },
    /** Attaches the thing to a second certificate. */
    attachElsewhere: async () => {
      const second = { tenantId, certificateId: world.newCertificateId() }
      await writes.registerCertificate({
        ...second,
        registration: { kind: 'without-ca' },
        status: 'ACTIVE',
      })
      await writes.attachThing({ ...second, thingName: LAMP, exclusive: false })
    },
    attachThing: (exclusive: boolean, thingName = LAMP) =>
      writes.attachThing({ ...certificate, thingName, exclusive }),
    detachThing: () => writes.detachThing({ ...certificate, thingName: LAMP }),
    createThing: (attributes = none) => writes.createThing({ ...lamp, attributes }),
    merge: (name: string) =>
      writes.updateThing({ ...lamp, attributes: new Map([[name, '1']]), merge: true }),
    remakeThing: async () => {
      await writes.deleteThing(lamp)
      await it.createThing()
    },
    createFloor: () =>
      writes.createThingGroup({ ...floor, parentGroupName: HOUSE, attributes: none }),
    createHouse: () => writes.createThingGroup({ ...house, attributes: none }),
    remakeHouse: async () => {
      await writes.deleteThingGroup(house)
      await it.createHouse()
    },
    join: (groupName = HOUSE) => writes.addThingToGroup({ ...lamp, groupName }),
    leave: (groupName = HOUSE) => writes.removeThingFromGroup({ ...lamp, groupName }),
    type: { tenantId, thingTypeName: TYPE },
    createType: (searchableAttributes: readonly string[] = []) =>
      writes.createThingType({ ...it.type, searchableAttributes }),
    deprecate: (deprecated = true) => writes.deprecateThingType({ ...it.type, deprecated }),
    setTypeOf: (thingTypeName: typeof TYPE | null) =>
      writes.updateThing({ ...lamp, thingTypeName }),
    mergeIntoHouse: (name: string, expectedVersion?: number) =>
      writes.updateThingGroup({
        ...house,
        attributes: new Map([[name, '1']]),
        merge: true,
        ...(expectedVersion !== undefined && { expectedVersion }),
      }),
    regroup: (add: readonly (typeof HOUSE)[], remove: readonly (typeof HOUSE)[] = []) =>
      writes.updateThingGroupsForThing({ ...lamp, add, remove }),
    tag: (resource: TaggedResource, ...tagKeys: readonly string[]) =>
      writes.tagResource({
        ...{ tenantId, resource },
        tags: new Map(tagKeys.map((tagKey) => [tagKey, ''] as const)),
      }),
    untag: (resource: TaggedResource, ...tagKeys: readonly string[]) =>
      writes.untagResource({ tenantId, resource, tagKeys }),
    tagsOf: async (resource: TaggedResource) => {
      const listed = await writes.listTags({ tenantId, resource })
      return listed.ok ? [...listed.tags.keys()] : listed.conflict
    },
    createAlias: () =>
      writes.createRoleAlias({ ...alias, roleArn: world.ROLE, credentialDurationSeconds: 3600 }),
    dropAlias: () => writes.deleteRoleAlias(alias),
    remakeAlias: async () => {
      await it.dropAlias()
      await it.createAlias()
    },
    unscope: () =>
      writes.putSessionProfile({
        ...alias,
        profile: { ...profile, scope: 'role' },
        passedRoleArn: world.ROLE,
      }),
    scope: async () => (await writes.getSessionProfile(alias))?.scope,
  }
  await writes.createThing({ tenantId, thingName: PUMP, attributes: none })
  await it.createPolicy(SECOND)
  await it.createHouse()
  await it.createAlias()
  await writes.registerCa(ca)
  return it
}

/** A scene, set. */
export type Scene = Awaited<ReturnType<typeof beginScene>>
