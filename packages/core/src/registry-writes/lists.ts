import type {
  CertificateId,
  PolicyName,
  RoleAlias,
  TenantId,
  ThingGroupName,
  ThingName,
  ThingTypeName,
} from '../names.ts'
import type { CertificateIdentity } from './certificates.ts'
import type { Outcome } from './outcome.ts'
import type { PageInput } from './page.ts'
import type { PolicyKey } from './policies.ts'
import type { PolicyTarget } from './policy-attachments.ts'
import type { ThingGroupIdentity } from './thing-groups.ts'
import type { ThingIdentity, ThingTypeDescription } from './things.ts'

/**
 * Which part of a list is asked for. `after` is what an earlier part gave as `next`, for the same list asked the same way:
 * a key and not a number, so that insertions and deletions between two parts neither repeat nor skip what was there all along.
 */
export type ListInput = PageInput<string>

/**
 * A part of a list. `next` is there when the list goes on. One call reads a bounded number of records, so a part may hold
 * fewer items than the limit, or none, and go on nevertheless.
 */
export type ListPart<Item> = { readonly items: readonly Item[]; readonly next?: string }

type OfTenant = ListInput & { readonly tenantId: TenantId }

/** A thing as lists show it. */
export type ThingSummary = {
  readonly thingName: ThingName
  readonly thingTypeName?: ThingTypeName
  readonly attributes: ReadonlyMap<string, string>
  readonly version: number
}

/** Things with an attribute of this value, or with a value that begins so. */
export type AttributeFilter = {
  readonly name: string
  readonly value: string
  readonly isPrefix: boolean
}

/** A certificate that a thing is attached to. */
export type ThingPrincipal = { readonly certificateId: CertificateId; readonly exclusive: boolean }

/** A thing that a certificate is attached to. */
export type PrincipalThing = { readonly thingName: ThingName; readonly exclusive: boolean }

/** Only the attachments that are exclusive, or that are not; absent = both. */
type Exclusivity = { readonly exclusive?: boolean }

/**
 * Lists of what a tenant owns, in byte order of their keys. A change may show a moment late in the lists of things, thing
 * types, groups, members of groups, policies and role aliases; never in those of attachments, of a group's direct
 * children and of a thing's groups, nor in any description.
 */
export type RegistryLists = {
  readonly listThings: (
    input: OfTenant & {
      readonly thingTypeName?: ThingTypeName
      readonly attribute?: AttributeFilter
    },
  ) => Promise<ListPart<ThingSummary>>
  readonly listThingTypes: (
    input: OfTenant & {
      /** Only the type of this name. */
      readonly thingTypeName?: ThingTypeName
    },
  ) => Promise<ListPart<ThingTypeDescription>>
  /** Without a parent, `recursive` lists all groups and its absence those that have no parent. */
  readonly listThingGroups: (
    input: OfTenant & {
      readonly parentGroupName?: ThingGroupName
      readonly namePrefix?: string
      readonly recursive: boolean
    },
  ) => Promise<Outcome<'parent-group-unknown', ListPart<ThingGroupName>>>
  /** `recursive` takes in the things of all groups below. */
  readonly listThingsInGroup: (
    input: ListInput & ThingGroupIdentity & { readonly recursive: boolean },
  ) => Promise<Outcome<'thing-group-unknown', ListPart<ThingName>>>
  /** The groups that a thing is in directly. */
  readonly listThingGroupsForThing: (
    input: ListInput & ThingIdentity,
  ) => Promise<Outcome<'thing-unknown', ListPart<ThingGroupName>>>
  readonly listThingPrincipals: (
    input: ListInput & ThingIdentity & Exclusivity,
  ) => Promise<Outcome<'thing-unknown', ListPart<ThingPrincipal>>>
  readonly listPrincipalThings: (
    input: ListInput & CertificateIdentity & Exclusivity,
  ) => Promise<Outcome<'certificate-unknown', ListPart<PrincipalThing>>>
  readonly listPolicies: (input: OfTenant) => Promise<ListPart<PolicyName>>
  readonly listTargetsForPolicy: (
    input: ListInput & PolicyKey,
  ) => Promise<Outcome<'policy-unknown', ListPart<PolicyTarget>>>
  readonly listRoleAliases: (input: OfTenant) => Promise<ListPart<RoleAlias>>
  /** `recursive` takes in the policies of all groups above a thing group, each once; at most 14 in all. */
  readonly listAttachedPolicies: (
    input: OfTenant & { readonly target: PolicyTarget; readonly recursive?: boolean },
  ) => Promise<Outcome<'target-unknown', ListPart<PolicyName>>>
}
