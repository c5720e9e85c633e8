/** What a policy says that its author may not have meant. */
export type Finding = {
  readonly rule: LintRule
  /** Statement, or the document. */
  readonly place: string
  /** What happens, and what to do about it. */
  readonly message: string
}

/** The rules, by what they find. */
export type LintRule =
  | 'invalid-policy'
  | 'invalid-session-policy'
  | 'version-missing'
  | 'allows-everything'
  | 'deny-with-unset-variable'
  | 'deny-escaped-without-thing'
  | 'deny-walked-around-by-filter'
  | 'wildcard-before-variable'
  | 'exception-with-variable'
  | 'all-values-of-nothing'
  | 'near-size-limit'
  | 'role-does-not-allow'
