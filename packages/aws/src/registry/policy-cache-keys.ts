import type { PolicyName, TenantId, ThingGroupName } from '@thingpass/core/names'

/** What a policy's text is parsed as; one text gives different things. */
export type DocumentKind = 'iot-policy' | 'session-template'

/** Joins the parts of a key so that no two lists of parts give one text, whatever the parts hold. */
const join = (...parts: readonly string[]): string => JSON.stringify(parts)

/**
 * Keys of what is remembered between requests, all of them made here. A part that was left out would give one tenant, or
 * a later record of the same name, what was read for another.
 */
export const cacheKey = {
  document: (kind: DocumentKind, sha256: string): string => join('document', kind, sha256),
  pointer: (policy: {
    readonly tenantId: TenantId
    readonly policyName: PolicyName
    readonly generationId: string
  }): string => join('pointer', policy.tenantId, policy.policyName, policy.generationId),
  group: (group: {
    readonly tenantId: TenantId
    readonly groupName: ThingGroupName
    readonly groupId: string
  }): string => join('group', group.tenantId, group.groupName, group.groupId),
} as const
