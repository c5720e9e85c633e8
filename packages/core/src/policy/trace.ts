/** What a decision says of itself: frozen, JSON-serialisable, and without any value of the request. */

import type { Undecidable } from './outcome.ts'

/** How one statement stood for the request. */
export type StatementTrace = {
  /** Name of the policy, where the caller gave one. */
  readonly policy?: string
  /** Place in the document's `Statement`, from 0. */
  readonly statement: number
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny'
} & (
  | {
      readonly matched: true
      /** A Deny that matched because nobody can tell whether it would; the first reason. */
      readonly undecidable?: Undecidable
    }
  | {
      readonly matched: false
      readonly mismatch: Mismatch
      /** Present at the statement at which the evaluation ended before its time; `mismatch` then says nothing. */
      readonly undecidable?: Undecidable
    }
)

/** The first of action, resource and conditions that kept a statement from matching. Patterns and values are the policy's own text. */
export type Mismatch =
  | {
      readonly on: 'action'
      readonly element: 'Action' | 'NotAction'
      readonly patterns: readonly string[]
    }
  | {
      readonly on: 'resource'
      readonly element: 'Resource' | 'NotResource'
      readonly patterns: readonly string[]
      /** Variables of the patterns that this request does not have, or in other spellings; a pattern with one matches nothing. */
      readonly unsetVariables: readonly string[]
    }
  | {
      readonly on: 'condition'
      /** Every condition that was not met. */
      readonly conditions: readonly ConditionMismatch[]
    }

/** A condition that was not met. */
export type ConditionMismatch = {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
  readonly why: 'key-missing' | 'value-differs' | 'several-values-without-set-operator'
  /** Present when nobody can tell whether the condition is met; `why` is then what comes nearest. */
  readonly undecidable?: Undecidable
  /** Variables of the policy's values that this request does not have. */
  readonly unsetVariables: readonly string[]
}
