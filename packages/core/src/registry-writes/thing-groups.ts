import type { TenantId, ThingGroupName, ThingName } from '../names.ts'
import type { GroupMembership } from '../records.ts'
import type { Changed, Outcome } from './outcome.ts'
import type { Tags } from './tags.ts'

/** Which group of which tenant. */
export type ThingGroupIdentity = { readonly tenantId: TenantId; readonly groupName: ThingGroupName }

/** A static thing group. */
export type ThingGroupDescription = ThingGroupIdentity & {
  readonly groupId: string
  /** Nearest first; fixed when the group is made. */
  readonly parents: readonly GroupMembership[]
  readonly description?: string
  readonly attributes: ReadonlyMap<string, string>
  readonly version: number
  readonly createdAt: Date
}

/** Levels of a hierarchy, the root's included. Source: AWS IoT quotas. */
export const MAX_GROUP_DEPTH = 7
/** Groups directly below one group. Source: AWS IoT quotas. */
export const MAX_CHILDREN_OF_A_GROUP = 100
/** Attributes of one group. Source: AWS IoT quotas. */
export const MAX_ATTRIBUTES_OF_A_GROUP = 50
/** Groups that one thing is in directly. Source: AWS IoT developer guide, static thing groups. */
export const MAX_GROUPS_OF_A_THING = 10

type MembershipInput = ThingGroupIdentity & { readonly thingName: ThingName }

type MembershipConflict =
  | 'thing-unknown'
  | 'thing-group-unknown'
  | 'too-many-groups'
  | 'group-of-same-hierarchy'

/** Changes of a tenant's static thing groups. An attribute with an empty value is none. */
export type ThingGroupWrites = {
  /** Done again with the same parent, properties and tags, it succeeds. */
  readonly createThingGroup: (
    input: ThingGroupIdentity & {
      readonly parentGroupName?: ThingGroupName
      readonly description?: string
      readonly attributes: ReadonlyMap<string, string>
      readonly tags?: Tags
    },
  ) => Promise<
    Outcome<
      | 'thing-group-exists'
      | 'parent-group-unknown'
      | 'group-too-deep'
      | 'too-many-child-groups'
      | 'too-many-attributes',
      { groupId: string }
    >
  >
  readonly getThingGroup: (
    identity: ThingGroupIdentity,
  ) => Promise<ThingGroupDescription | undefined>
  /** A description that is not given stays. */
  readonly updateThingGroup: (
    input: ThingGroupIdentity & {
      readonly description?: string
      /** Replaces all attributes, or with `merge` those that are named. */
      readonly attributes?: ReadonlyMap<string, string>
      readonly merge?: boolean
      readonly expectedVersion?: number
    },
  ) => Promise<
    Outcome<'thing-group-unknown' | 'version-conflict' | 'too-many-attributes', { version: number }>
  >
  /** Takes the group's policy attachments with it. Members do not hold it: they are in a group of another id from then on. */
  readonly deleteThingGroup: (
    input: ThingGroupIdentity & { readonly expectedVersion?: number },
  ) => Promise<Outcome<'thing-group-unknown' | 'version-conflict' | 'child-groups-attached'>>
  /** A thing is in one group of a hierarchy at most. */
  readonly addThingToGroup: (
    input: MembershipInput,
  ) => Promise<Outcome<MembershipConflict, Changed>>
  readonly removeThingFromGroup: (
    input: MembershipInput,
  ) => Promise<Outcome<'thing-unknown', Changed>>
  /** Takes the thing out of some groups, then puts it into others, in one change: all of it or nothing. */
  readonly updateThingGroupsForThing: (input: {
    readonly tenantId: TenantId
    readonly thingName: ThingName
    readonly add: readonly ThingGroupName[]
    readonly remove: readonly ThingGroupName[]
  }) => Promise<Outcome<MembershipConflict, Changed>>
}
