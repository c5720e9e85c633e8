import type { CertificateId, PolicyName, RoleAlias, TenantId, ThingGroupName } from '../names.ts'
import type { Changed, Outcome } from './outcome.ts'

/** What a policy can be attached to. */
export type PolicyTarget =
  | { readonly kind: 'certificate'; readonly certificateId: CertificateId }
  | { readonly kind: 'thing-group'; readonly groupName: ThingGroupName }
  | { readonly kind: 'role-alias'; readonly roleAlias: RoleAlias }

/** Which policy and which target. */
export type PolicyAttachmentInput = {
  readonly tenantId: TenantId
  readonly policyName: PolicyName
  readonly target: PolicyTarget
}

/**
 * Policies attached to one target. Source: AWS IoT quotas (certificate, thing group); of a role alias, ours: ten policies
 * fill the 2048 characters of a session policy.
 */
export const MAX_POLICIES_OF = {
  certificate: 10,
  'thing-group': 2,
  'role-alias': 10,
} as const satisfies Record<PolicyTarget['kind'], number>

/** Attachments of policies. */
export type PolicyAttachmentWrites = {
  /**
   * The first attachment to a role alias makes its scope `session-policy`. `judged` is the text that the caller has judged
   * fit for the target: when it is the default no more, nothing is attached.
   */
  readonly attachPolicy: (
    input: PolicyAttachmentInput & {
      readonly judged?: { readonly generationId: string; readonly versionId: string }
    },
  ) => Promise<
    Outcome<'policy-unknown' | 'target-unknown' | 'too-many-policies' | 'policy-changed', Changed>
  >
  readonly detachPolicy: (
    input: PolicyAttachmentInput,
  ) => Promise<Outcome<'policy-unknown' | 'target-unknown', Changed>>
}
