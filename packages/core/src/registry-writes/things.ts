import type { TenantId, ThingGroupName, ThingName, ThingTypeName } from '../names.ts'
import type { ThingRecord } from '../records.ts'
import type { Changed, Dates, Outcome } from './outcome.ts'
import type { Tags } from './tags.ts'

/** Which thing of which tenant. */
export type ThingIdentity = { readonly tenantId: TenantId; readonly thingName: ThingName }

/** A thing's record, the groups it is in directly, and its version, which each change of type or attributes raises. */
export type ThingDescription = Dates & {
  readonly record: ThingRecord
  readonly directGroups: readonly ThingGroupName[]
  readonly version: number
}

/** Which thing type of which tenant. */
export type ThingTypeIdentity = {
  readonly tenantId: TenantId
  readonly thingTypeName: ThingTypeName
}

/** What a thing type says of itself. */
export type ThingTypeProperties = {
  readonly description?: string
  readonly searchableAttributes: readonly string[]
}

/** A thing type. */
export type ThingTypeDescription = ThingTypeIdentity &
  ThingTypeProperties & {
    readonly thingTypeId: string
    /** Absent while things may be given the type. */
    readonly deprecatedAt?: Date
    readonly createdAt: Date
  }

/** Attributes of a thing. Source: AWS IoT quotas. */
export const MAX_ATTRIBUTES_OF_A_THING = { 'with-type': 50, 'without-type': 3 } as const

/** Seconds that a thing type has been deprecated for before it can be deleted. Source: AWS IoT developer guide, thing types. */
export const THING_TYPE_DELETION_DELAY_SECONDS = 300

/** Changes of a tenant's thing types. */
export type ThingTypeWrites = {
  /** Done again with the same properties and tags, it succeeds. */
  readonly createThingType: (
    input: ThingTypeIdentity & ThingTypeProperties & { readonly tags?: Tags },
  ) => Promise<Outcome<'thing-type-exists', { thingTypeId: string }>>
  readonly getThingType: (identity: ThingTypeIdentity) => Promise<ThingTypeDescription | undefined>
  /** What is not given stays. */
  readonly updateThingType: (
    input: ThingTypeIdentity & Partial<ThingTypeProperties>,
  ) => Promise<Outcome<'thing-type-unknown', Changed>>
  /** A type that is deprecated already keeps its date. */
  readonly deprecateThingType: (
    input: ThingTypeIdentity & { readonly deprecated: boolean },
  ) => Promise<Outcome<'thing-type-unknown', Changed>>
  readonly deleteThingType: (
    identity: ThingTypeIdentity,
  ) => Promise<
    Outcome<
      | 'thing-type-unknown'
      | 'thing-type-not-deprecated'
      | 'thing-type-deprecated-just-now'
      | 'thing-type-in-use'
    >
  >
}

type ThingConflict = 'thing-type-unknown' | 'thing-type-deprecated' | 'too-many-attributes'

/** Changes of a tenant's things and thing types. An attribute with an empty value is none. */
export type ThingWrites = ThingTypeWrites & {
  /** Done again with the same type and attributes, it succeeds. */
  readonly createThing: (
    input: ThingIdentity & {
      readonly thingTypeName?: ThingTypeName
      readonly attributes: ReadonlyMap<string, string>
    },
  ) => Promise<Outcome<'thing-exists' | ThingConflict, { thingId: string }>>
  readonly getThing: (identity: ThingIdentity) => Promise<ThingDescription | undefined>
  readonly updateThing: (
    input: ThingIdentity & {
      /** A name sets the type, null takes it away. */
      readonly thingTypeName?: ThingTypeName | null
      /** Replaces all attributes, or with `merge` those that are named. */
      readonly attributes?: ReadonlyMap<string, string>
      readonly merge?: boolean
      readonly expectedVersion?: number
    },
  ) => Promise<Outcome<'thing-unknown' | 'version-conflict' | ThingConflict, { version: number }>>
  readonly deleteThing: (
    input: ThingIdentity & { readonly expectedVersion?: number },
  ) => Promise<Outcome<'thing-unknown' | 'version-conflict' | 'thing-attached'>>
}
