import type { ThingTypeName } from '@thingpass/core/names'
import type { ThingRecord } from '@thingpass/core/records'
import {
  MAX_ATTRIBUTES_OF_A_THING,
  type ThingIdentity,
  type ThingWrites,
} from '@thingpass/core/registry-writes/things'
import { instant, number, text, textMap } from '../attributes.ts'
import { PLACE_ATTRIBUTES } from '../items/branches.ts'
import {
  decodeThing,
  encodeMemberships,
  encodeThing,
  encodeType,
  type Membership,
  type ThingItem,
} from '../items/thing.ts'
import { thingKey, thingMembershipKey } from '../keys.ts'
import { attributesAfter, withoutEmpty } from './attributes-after.ts'
import { directGroups, liveMemberships } from './live-memberships.ts'
import { change, refuse } from './plan.ts'
import { sameAttributes } from './same-attributes.ts'
import { refuseType } from './thing-types.ts'
import type { Registry } from './transaction.ts'

type Creating = Parameters<ThingWrites['createThing']>[0]
type Updating = Parameters<ThingWrites['updateThing']>[0]
type Deleting = Parameters<ThingWrites['deleteThing']>[0]

/** Makes the changes of things. */
export function thingWrites(
  registry: Registry,
): Pick<ThingWrites, 'createThing' | 'getThing' | 'updateThing' | 'deleteThing'> {
  return {
    createThing: (input) => registry.change(() => planCreation(registry, input)),
    getThing: async (identity) => {
      const thing = await readThing(registry, identity)
      return thing && describe(thing, await liveMemberships(registry, thing))
    },
    updateThing: (input) => registry.change(() => planUpdate(registry, input)),
    deleteThing: (input) => registry.change(() => planDeletion(registry, input)),
  }
}

/** Reads a thing of a tenant. */
export async function readThing(
  registry: Registry,
  { tenantId, thingName }: ThingIdentity,
): Promise<ThingItem | undefined> {
  const item = await registry.get(thingKey(tenantId, thingName))
  return item && decodeThing(item)
}

const describe = (thing: ThingItem, live: readonly Membership[]) => ({
  record: {
    ...thing.record,
    groups: live.map(({ groupName, groupId }) => ({ groupName, groupId })),
  },
  directGroups: directGroups(live),
  version: thing.version,
  createdAt: thing.createdAt,
  modifiedAt: thing.modifiedAt,
})

async function planCreation(registry: Registry, input: Creating) {
  const { tenantId, thingName, thingTypeName } = input
  const attributes = withoutEmpty(input.attributes)
  const there = await readThing(registry, input)
  if (there) {
    const { thingId } = there.record
    const same = sameConfiguration(there.record, { thingTypeName, attributes })
    return same ? { outcome: { ok: true, thingId } as const } : refuse('thing-exists')
  }
  const refusal = await refuseType(registry, tenantId, thingTypeName)
  if (refusal) return refusal
  if (!hasRoom({ thingTypeName, attributes })) return refuse('too-many-attributes')
  const thingId = registry.newId()
  const now = registry.now()
  const item = encodeThing({
    record: { thingName, thingId, ...typeOf({ thingTypeName }), attributes, groups: [] },
    tenantId,
    memberships: [],
    version: 1,
    principalCount: 0,
    createdAt: now,
    modifiedAt: now,
  })
  return change(
    { thingId },
    {
      writes: [registry.put(item, { missing: true })],
      audit: {
        ...auditOf(input, 'create-thing'),
        after: { thingId, ...summaryOf({ thingTypeName, attributes }) },
      },
    },
  )
}

/** What a caller configures of a thing. */
type Configuration = {
  readonly thingTypeName: ThingTypeName | undefined
  readonly attributes: ReadonlyMap<string, string>
}

const typeOf = ({ thingTypeName }: Pick<Configuration, 'thingTypeName'>) =>
  thingTypeName === undefined ? {} : { thingTypeName }

const hasRoom = ({ thingTypeName, attributes }: Configuration): boolean =>
  attributes.size <=
  MAX_ATTRIBUTES_OF_A_THING[thingTypeName === undefined ? 'without-type' : 'with-type']

const sameConfiguration = (record: ThingRecord, wanted: Configuration): boolean =>
  record.thingTypeName === wanted.thingTypeName &&
  sameAttributes(record.attributes, wanted.attributes)

async function planUpdate(registry: Registry, input: Updating) {
  const thing = await readThing(registry, input)
  if (!thing) return refuse('thing-unknown')
  if (!isExpected(thing, input)) return refuse('version-conflict')
  const refusal = await refuseType(registry, input.tenantId, input.thingTypeName ?? undefined)
  if (refusal) return refusal
  const before = { thingTypeName: thing.record.thingTypeName, attributes: thing.record.attributes }
  const after = configurationAfter(before, input)
  if (!hasRoom(after)) return refuse('too-many-attributes')
  const version = thing.version + 1
  const update = registry.update(
    thingKey(input.tenantId, input.thingName),
    {
      set: {
        attributes: textMap(after.attributes),
        version: number(version),
        modifiedAt: instant(registry.now()),
        ...encodeType(input.tenantId, { thingName: input.thingName, ...typeOf(after) }),
      },
      remove: after.thingTypeName === undefined ? ['thingTypeName', ...PLACE_ATTRIBUTES] : [],
    },
    { equal: { thingId: text(thing.record.thingId), version: number(thing.version) } },
  )
  const audit = {
    ...auditOf(input, 'update-thing'),
    before: summaryOf(before),
    after: summaryOf(after),
  }
  return change({ version }, { writes: [update], audit })
}

const isExpected = ({ version }: ThingItem, { expectedVersion = version }: Deleting): boolean =>
  version === expectedVersion

function configurationAfter(before: Configuration, input: Updating): Configuration {
  const { thingTypeName = before.thingTypeName } = input
  return {
    thingTypeName: thingTypeName ?? undefined,
    attributes: attributesAfter(before.attributes, input),
  }
}

async function planDeletion(registry: Registry, input: Deleting) {
  const thing = await readThing(registry, input)
  if (!thing) return refuse('thing-unknown')
  if (!isExpected(thing, input)) return refuse('version-conflict')
  if (thing.principalCount > 0) return refuse('thing-attached')
  const { tenantId, thingName } = input
  const { record, version } = thing
  const unchanged = {
    thingId: text(record.thingId),
    version: number(version),
    principalCount: number(0),
    groups: encodeMemberships(thing.memberships),
  }
  const groups = directGroups(thing.memberships)
  return change(
    {},
    {
      writes: [
        registry.remove(thingKey(tenantId, thingName), { equal: unchanged }),
        ...groups.map((group) => registry.drop(thingMembershipKey(tenantId, thingName, group))),
      ],
      audit: {
        ...auditOf(input, 'delete-thing'),
        before: { thingId: record.thingId, groups: groups.join(' ') },
      },
    },
  )
}

const summaryOf = ({ thingTypeName, attributes }: Configuration) => ({
  thingTypeName,
  attributes: JSON.stringify(Object.fromEntries(attributes)),
})

const auditOf = ({ tenantId, thingName }: ThingIdentity, action: string) => ({
  tenantId,
  action,
  subject: `thing/${thingName}`,
})
