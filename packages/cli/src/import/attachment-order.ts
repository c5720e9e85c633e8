import type { PolicyHolder, RecordOf } from './fleet-record.ts'

type Attachment = RecordOf<'policy-attachment'>

/** Attachments in the order in which they are safe to make, and what must not get any. */
export type AttachmentOrder = {
  readonly ordered: readonly Attachment[]
  /** `holderKey` of a holder → the policy that it lacks. */
  readonly incomplete: ReadonlyMap<string, string>
}

/**
 * Orders attachments so that no device is ever allowed more than it was: policies that deny come first, so that an interrupted
 * import leaves no Allow without its Deny; and what holds a policy that was not carried over gets no other one either.
 */
export function orderAttachments(
  attachments: readonly Attachment[],
  policies: {
    readonly denies: (policy: string) => boolean
    readonly isMissing: (policy: string) => boolean
  },
): AttachmentOrder {
  const incomplete = new Map<string, string>()
  for (const { policy, target } of attachments) {
    if (policies.isMissing(policy)) incomplete.set(holderKey(target), policy)
  }
  const denying = attachments.filter(({ policy }) => policies.denies(policy))
  const others = attachments.filter(({ policy }) => !policies.denies(policy))
  return { ordered: [...denying, ...others], incomplete }
}

/** One name for a holder of policies. */
export function holderKey({ kind, name }: PolicyHolder): string {
  return `${kind} ${name}`
}
