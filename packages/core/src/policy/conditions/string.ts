import { foldCase } from '../fold-case.ts'
import { codePointsOf, matchesTokens } from '../pattern.ts'
import { compareTemplate } from './value-test.ts'

/** Comparison of `StringEquals`: `*` and `?` are ordinary characters. */
export const stringEquals = compareTemplate(
  // Stryker disable next-line ObjectLiteral: a flag that is absent is as good as false
  { wildcards: false, ignoreCase: false },
  (pattern, requestValue, meter) => matchesTokens(pattern, codePointsOf(requestValue), meter),
)

/** Comparison of `StringEqualsIgnoreCase`. */
export const stringEqualsIgnoreCase = compareTemplate(
  { wildcards: false, ignoreCase: true },
  (pattern, requestValue, meter) =>
    matchesTokens(pattern, codePointsOf(foldCase(requestValue)), meter),
)

/** Comparison of `StringLike`: wildcards, letter case counts. */
export const stringLike = compareTemplate(
  { wildcards: true, ignoreCase: false },
  (pattern, requestValue, meter) => matchesTokens(pattern, codePointsOf(requestValue), meter),
)
