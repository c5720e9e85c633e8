import type { RoleArn, TenantId } from '@thingpass/core/names'

/** Whom a role behind role aliases trusts, and for which tenant. */
export type RoleTrust = {
  readonly tenantId: TenantId
  /** The tenant's external id, as its record has it. */
  readonly externalId: string
  /** Roles of the functions that call STS for devices: one for each front door. At least one. */
  readonly brokerRoles: readonly RoleArn[]
  /** Whether session profiles of the tenant set a source identity. */
  readonly setsSourceIdentity: boolean
}

/** A trust policy: what stands as `AssumeRolePolicyDocument` of an IAM role. */
export type RoleTrustPolicy = {
  readonly Version: '2012-10-17'
  readonly Statement: readonly {
    readonly Sid: string
    readonly Effect: 'Allow'
    readonly Principal: { readonly AWS: readonly RoleArn[] }
    readonly Action: 'sts:AssumeRole' | 'sts:TagSession' | 'sts:SetSourceIdentity'
    readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> }
  }[]
}

/** Tag that every session carries. */
const TENANT_TAG = 'aws:RequestTag/thingpass:TenantId'

/**
 * Makes the trust policy of a tenant's roles. The external id keeps the broker from being talked into another tenant's role, and the session
 * must be tagged as this tenant's. Each action has a statement of its own: external ids belong to AssumeRole alone, tags to TagSession.
 * Source: IAM User Guide, id_session-tags (permissions required), reference_policies_iam-condition-keys.
 */
export function roleTrustPolicy(trust: RoleTrust): RoleTrustPolicy {
  const { tenantId, externalId, brokerRoles, setsSourceIdentity } = trust
  const broker = { Effect: 'Allow', Principal: { AWS: brokerRoles } } as const
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AssumeForOwnTenant',
        ...broker,
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
      {
        Sid: 'TagAsOwnTenant',
        ...broker,
        Action: 'sts:TagSession',
        Condition: { StringEquals: { [TENANT_TAG]: tenantId } },
      },
      ...(setsSourceIdentity
        ? [{ Sid: 'NameTheDevice', ...broker, Action: 'sts:SetSourceIdentity' } as const]
        : []),
    ],
  }
}
