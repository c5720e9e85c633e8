import type { TenantId, ThingGroupName, ThingName, ThingTypeName } from '../names.ts'
import type { ThingRecord } from '../records.ts'
import type { Dates, Outcome } from './outcome.ts'

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

type TypeConflict = 'thing-type-unknown' | 'thing-type-deprecated'

/** Changes of a tenant's things and thing types. An attribute with an empty value is none. */
export type ThingWrites = {
  /** Done again with the same properties, it succeeds. */
  readonly createThingType: (
    input: ThingTypeIdentity & ThingTypeProperties,
  ) => Promise<Outcome<'thing-type-exists', { thingTypeId: string }>>
  readonly getThingType: (identity: ThingTypeIdentity) => Promise<ThingTypeDescription | undefined>
  /** Done again with the same type and attributes, it succeeds. */
  readonly createThing: (
    input: ThingIdentity & {
      readonly thingTypeName?: ThingTypeName
      readonly attributes: ReadonlyMap<string, string>
    },
  ) => Promise<Outcome<'thing-exists' | TypeConflict, { thingId: string }>>
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
  ) => Promise<Outcome<'thing-unknown' | 'version-conflict' | TypeConflict, { version: number }>>
  readonly deleteThing: (
    input: ThingIdentity & { readonly expectedVersion?: number },
  ) => Promise<Outcome<'thing-unknown' | 'version-conflict' | 'thing-attached'>>
}
