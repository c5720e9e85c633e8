import type { PolicyName, TenantId } from '../names.ts'
import type { Changed, Dates, Outcome } from './outcome.ts'
import type { Tags } from './tags.ts'

/** Which policy of which tenant. */
export type PolicyKey = { readonly tenantId: TenantId; readonly policyName: PolicyName }

/** Which version; `versionId` is decimal, from `1`. */
export type PolicyVersionKey = PolicyKey & { readonly versionId: string }

/** A policy with the text of its default version. */
export type PolicyDescription = Dates &
  PolicyKey & {
    /** Made anew with each CreatePolicy. */
    readonly generationId: string
    readonly defaultVersionId: string
    readonly document: string
  }

/** One version of a policy. */
export type PolicyVersionDescription = PolicyVersionKey & {
  readonly generationId: string
  readonly document: string
  readonly isDefault: boolean
  readonly createdAt: Date
}

/** Live versions of one policy. Source: AWS IoT quotas. */
export const MAX_POLICY_VERSIONS = 5

/** Whether the text can be a session policy. Text that cannot never becomes the default of a policy that limits a role alias. */
type Renderability = { readonly rendersAsSessionPolicy: boolean }

/** Changes of a tenant's policies. The text is the caller's to judge; here it is opaque. */
export type PolicyWrites = {
  readonly createPolicy: (
    input: PolicyKey & { readonly document: string; readonly tags?: Tags },
  ) => Promise<Outcome<'policy-exists', { versionId: string; generationId: string }>>
  readonly getPolicy: (key: PolicyKey) => Promise<PolicyDescription | undefined>
  /** Version ids count up and are never given twice. */
  readonly createPolicyVersion: (
    input: PolicyKey &
      Renderability & { readonly document: string; readonly setAsDefault: boolean },
  ) => Promise<
    Outcome<'policy-unknown' | 'too-many-versions' | 'limits-role-alias', { versionId: string }>
  >
  readonly getPolicyVersion: (
    key: PolicyVersionKey,
  ) => Promise<PolicyVersionDescription | undefined>
  /** Oldest first. */
  readonly listPolicyVersions: (
    key: PolicyKey,
  ) => Promise<readonly PolicyVersionDescription[] | undefined>
  /** `generationId` is that of the version that the caller has judged: when the policy is another one by now, nothing is done. */
  readonly setDefaultPolicyVersion: (
    input: PolicyVersionKey & Renderability & { readonly generationId: string },
  ) => Promise<
    Outcome<'policy-unknown' | 'policy-changed' | 'version-unknown' | 'limits-role-alias', Changed>
  >
  readonly deletePolicyVersion: (
    key: PolicyVersionKey,
  ) => Promise<Outcome<'policy-unknown' | 'version-unknown' | 'version-is-default'>>
  readonly deletePolicy: (
    key: PolicyKey,
  ) => Promise<Outcome<'policy-unknown' | 'policy-attached' | 'policy-has-versions'>>
}
