/** How a condition, a comparison in it or a resource stands for a request. */
export type Outcome = 'met' | 'unmet' | Undecidable

/**
 * Why nobody can tell how it stands. An Allow then does not match and a Deny does, so that whichever way it were read, nothing
 * is allowed here that would be refused.
 *
 * - `several-values`: the key has several values and the operator is for one; nobody documents which of them would count
 * - `key-ambiguous`, `variable-ambiguous`: the request has the key in several spellings, none of which is the policy's
 * - `value-too-long`: a value out of a certificate that is longer than any that AWS IoT would use
 * - `out-of-steps`: the evaluation took more steps than it may, and ended here; the whole is denied
 * - `value-unreadable`: the request's value is no address, number, date, truth value or base64, as the operator needs one
 */
export type Undecidable =
  | 'several-values'
  | 'key-ambiguous'
  | 'variable-ambiguous'
  | 'value-too-long'
  | 'value-unreadable'
  | 'out-of-steps'

/** Whether nobody can tell. */
export function isUndecidable(outcome: Outcome): outcome is Undecidable {
  return outcome !== 'met' && outcome !== 'unmet'
}
