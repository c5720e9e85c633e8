import type { TenantId } from '@thingpass/core/names'
import type { TaggedResource, Tags } from '@thingpass/core/registry-writes/tags'
import { describe, expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { CAMERA, HOUSE, READER } = world
const TYPE = world.thingTypeName('lamp')
const none = new Map<string, string>()
const NORTH: Tags = new Map([
  ['site', 'north'],
  ['cost', ''],
])

type Kind = TaggedResource['kind']
type Act = (
  writes: world.RegistryUnderTest['writes'],
  tenantId: TenantId,
  tags?: { readonly tags: Tags },
) => Promise<unknown>

/** How what can be tagged is made, and unmade. */
const acts: Readonly<Record<Kind, { readonly make: Act; readonly unmake: Act }>> = {
  'ca-certificate': {
    make: (writes, tenantId) => writes.registerCa(caOf(tenantId)),
    unmake: async (writes, tenantId) => {
      const { record } = caOf(tenantId)
      await writes.updateCa({ ...record, status: 'INACTIVE' })
      return writes.deleteCa(record)
    },
  },
  policy: {
    make: (writes, tenantId, tags) =>
      writes.createPolicy({ tenantId, policyName: READER, document: world.ALLOW, ...tags }),
    unmake: (writes, tenantId) => writes.deletePolicy({ tenantId, policyName: READER }),
  },
  'role-alias': {
    make: (writes, tenantId, tags) =>
      writes.createRoleAlias({
        ...{ tenantId, roleAlias: CAMERA, roleArn: world.ROLE, ...tags },
        credentialDurationSeconds: 3600,
      }),
    unmake: (writes, tenantId) => writes.deleteRoleAlias({ tenantId, roleAlias: CAMERA }),
  },
  'thing-group': {
    make: (writes, tenantId, tags) =>
      writes.createThingGroup({ tenantId, groupName: HOUSE, attributes: none, ...tags }),
    unmake: (writes, tenantId) => writes.deleteThingGroup({ tenantId, groupName: HOUSE }),
  },
  'thing-type': {
    make: (writes, tenantId, tags) =>
      writes.createThingType({ tenantId, thingTypeName: TYPE, searchableAttributes: [], ...tags }),
    unmake: async (writes, tenantId) => {
      await writes.deprecateThingType({ tenantId, thingTypeName: TYPE, deprecated: true })
      return writes.deleteThingType({ tenantId, thingTypeName: TYPE })
    },
  },
}

const cas = new Map<TenantId, ReturnType<typeof world.newCa>>()
function caOf(tenantId: TenantId) {
  const ca = cas.get(tenantId) ?? world.newCa(tenantId)
  cas.set(tenantId, ca)
  return ca
}

function resourceOf(kind: Kind, tenantId: TenantId): TaggedResource {
  switch (kind) {
    case 'ca-certificate':
      return { kind, caCertificateId: caOf(tenantId).record.caCertificateId }
    case 'policy':
      return { kind, policyName: READER }
    case 'role-alias':
      return { kind, roleAlias: CAMERA }
    case 'thing-group':
      return { kind, groupName: HOUSE }
    case 'thing-type':
      return { kind, thingTypeName: TYPE }
  }
}

/** Tags of everything that can have them. */
export function describeTags(registry: () => world.RegistryUnderTest): void {
  const LATER = new Date(world.NOW.getTime() + 600_000)

  function begin(kind: Kind) {
    const { writes, at } = registry()
    const tenantId = world.newTenant()
    const identity = { tenantId, resource: resourceOf(kind, tenantId) }
    const { make, unmake } = acts[kind]
    return {
      tenantId,
      make: (tags?: Tags) => make(writes, tenantId, tags && { tags }),
      unmake: async () => {
        const { deprecateThingType } = writes
        await deprecateThingType({ tenantId, thingTypeName: TYPE, deprecated: true })
        return at(LATER, () => unmake(writes, tenantId))
      },
      tag: (tags: Tags) => writes.tagResource({ ...identity, tags }),
      untag: (...tagKeys: readonly string[]) => writes.untagResource({ ...identity, tagKeys }),
      tags: async () => {
        const listed = await writes.listTags(identity)
        return listed.ok ? [...listed.tags] : listed.conflict
      },
    }
  }

  const kinds = Object.keys(acts) as readonly Kind[]

  describe.each(kinds)('%s', (kind) => {
    test('is tagged, tagged otherwise and untagged', async () => {
      const it = begin(kind)
      await it.make()
      expect(await it.tags()).toEqual([])
      expect(await it.tag(NORTH)).toEqual(world.changed)
      expect(await it.tag(NORTH)).toEqual(world.unchanged)
      expect(await it.tags()).toEqual([
        ['cost', ''],
        ['site', 'north'],
      ])
      expect(await it.tag(new Map([['site', 'south']]))).toEqual(world.changed)
      expect(await it.untag('cost', 'nothing')).toEqual(world.changed)
      expect(await it.tags()).toEqual([['site', 'south']])
      expect(await it.untag('cost')).toEqual(world.unchanged)
      expect(await it.untag('site')).toEqual(world.changed)
      expect(await it.tags()).toEqual([])
      expect(await it.tag(NORTH)).toEqual(world.changed)
    })

    test('has fifty tags at most', async () => {
      const it = begin(kind)
      await it.make()
      const tags = (count: number) =>
        new Map(Array.from({ length: count }, (_, n) => [`t-${n}`, ''] as const))
      expect(await it.tag(tags(51))).toEqual(world.refused('too-many-tags'))
      expect(await it.tag(tags(50))).toEqual(world.changed)
      expect(await it.tag(NORTH)).toEqual(world.refused('too-many-tags'))
      expect(await it.tag(new Map([['t-7', 'x']]))).toEqual(world.changed)
      expect(await it.tags()).toHaveLength(50)
    })

    test('is not there, or is another tenant’s', async () => {
      const it = begin(kind)
      expect(await it.tag(NORTH)).toEqual(world.refused('resource-unknown'))
      expect(await it.untag('site')).toEqual(world.refused('resource-unknown'))
      expect(await it.tags()).toBe('resource-unknown')
    })

    test('that is made again has no tags', async () => {
      const it = begin(kind)
      await it.make()
      await it.tag(NORTH)
      expect(await it.unmake()).toEqual(world.done)
      expect(await it.tags()).toBe('resource-unknown')
      expect(await it.make()).toMatchObject(world.done)
      expect(await it.tags()).toEqual([])
      expect(await it.tag(new Map([['a', 'b']]))).toEqual(world.changed)
      expect(await it.tags()).toEqual([['a', 'b']])
    })
  })

  test.each(kinds.filter((kind) => kind !== 'ca-certificate'))(
    '%s is made with its tags, in place of those of an earlier one',
    async (kind) => {
      const it = begin(kind)
      await it.make(new Map([['old', '1']]))
      expect(await it.tags()).toEqual([['old', '1']])
      await it.unmake()
      await it.make(NORTH)
      expect(await it.tags()).toEqual([
        ['cost', ''],
        ['site', 'north'],
      ])
    },
  )

  test.each(['thing-group', 'thing-type'] as const)(
    '%s is made again with the same tags only',
    async (kind) => {
      const it = begin(kind)
      const first = await it.make(NORTH)
      expect(await it.make(NORTH)).toEqual(first)
      const conflict = world.refused(`${kind}-exists`)
      expect(await it.make()).toEqual(conflict)
      expect(await it.make(new Map([['site', 'north']]))).toEqual(conflict)
      await it.untag('cost')
      expect(await it.make(new Map([['site', 'north']]))).toEqual(first)
    },
  )

  test('a change of tags is recorded without their values', async () => {
    const it = begin('policy')
    await it.make()
    await it.tag(NORTH)
    await it.untag('site')
    const changes = await registry().changes(it.tenantId)
    const made = changes.filter(({ action }) => action.endsWith('tag-resource'))
    expect(made.map(({ action, subject }) => [action, subject])).toEqual(
      expect.arrayContaining([
        ['tag-resource', 'policy/reader'],
        ['untag-resource', 'policy/reader'],
      ]),
    )
    expect(JSON.stringify(made)).not.toContain('north')
  })
}
