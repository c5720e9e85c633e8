import type {
  CaCertificateId,
  PolicyName,
  RoleAlias,
  TenantId,
  ThingGroupName,
  ThingTypeName,
} from '../names.ts'
import type { Changed, Outcome } from './outcome.ts'

/** Tags of one resource. Source: AWS General Reference, tagging. */
export const MAX_TAGS = 50

/** Key → value of the tags that a resource is made with; at most `MAX_TAGS`, which is for the caller to see to. */
export type Tags = ReadonlyMap<string, string>

/** What can be tagged. Source: AWS IoT API model; things and certificates cannot be. */
export type TaggedResource =
  | { readonly kind: 'ca-certificate'; readonly caCertificateId: CaCertificateId }
  | { readonly kind: 'policy'; readonly policyName: PolicyName }
  | { readonly kind: 'role-alias'; readonly roleAlias: RoleAlias }
  | { readonly kind: 'thing-group'; readonly groupName: ThingGroupName }
  | { readonly kind: 'thing-type'; readonly thingTypeName: ThingTypeName }

/** Which resource of which tenant. */
export type TaggedIdentity = { readonly tenantId: TenantId; readonly resource: TaggedResource }

/** Changes of tags. Which keys are allowed, the caller judges. They go with their resource. */
export type TagWrites = {
  /** Adds tags; a key that is there gets the new value. */
  readonly tagResource: (
    input: TaggedIdentity & { readonly tags: Tags },
  ) => Promise<Outcome<'resource-unknown' | 'too-many-tags', Changed>>
  readonly untagResource: (
    input: TaggedIdentity & { readonly tagKeys: readonly string[] },
  ) => Promise<Outcome<'resource-unknown', Changed>>
  /** All of them, in byte order of their keys. */
  readonly listTags: (input: TaggedIdentity) => Promise<Outcome<'resource-unknown', { tags: Tags }>>
}
