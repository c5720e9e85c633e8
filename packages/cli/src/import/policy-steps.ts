import type { PolicyText } from './fleet-record.ts'

/** What brings the versions that a policy has here one step nearer to those that it shall have. */
export type PolicyStep =
  | { readonly kind: 'add-version'; readonly document: string }
  | { readonly kind: 'set-default'; readonly versionId: string }
  | { readonly kind: 'done' }
  /** It is another policy of the same name: nothing of it is changed. */
  | { readonly kind: 'differs' }

/**
 * Finds the next step, both lists oldest first. What is there must be how the wanted list begins, and only once all versions are
 * there is one made the default: before that, a default other than the first is somebody's choice.
 */
export function nextStep(
  wanted: readonly PolicyText[],
  there: readonly (PolicyText & { readonly versionId: string })[],
): PolicyStep {
  const begins = there.every(({ document }, index) => document === wanted[index]?.document)
  if (!begins) return { kind: 'differs' }
  const missing = wanted[there.length]
  if (missing !== undefined) return { kind: 'add-version', document: missing.document }
  const chosen = there[wanted.findIndex(({ isDefault }) => isDefault)]
  if (chosen === undefined) return { kind: 'differs' }
  return chosen.isDefault ? { kind: 'done' } : { kind: 'set-default', versionId: chosen.versionId }
}
