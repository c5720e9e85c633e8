import type { Decision } from '@thingpass/core/decision'
import { auditRefusal } from '@thingpass/core/policy/audit-trace'
import type { Journal } from './journal.ts'

/**
 * Notes why a request was refused; how policies stood only where they are the reason, and no more of it than a record may
 * hold.
 */
export function noteRefusal(journal: Journal, decision: Extract<Decision, { allow: false }>): void {
  const { evaluation } = decision.trace
  const detail = decision.detail ?? (evaluation?.outOfSteps ? OUT_OF_STEPS : undefined)
  const byPolicy = evaluation !== undefined && decision.trace.steps.at(-1)?.step === 'policy'
  const { statements, ...kept } = auditRefusal(byPolicy ? evaluation.trace : [], decision.policies)
  journal.note({
    ...(detail === undefined ? {} : { detail }),
    ...kept,
    ...(byPolicy ? { statements } : {}),
  })
}

const OUT_OF_STEPS = 'the policies take more steps than an evaluation may'
