import { accept } from '../parsed.ts'
import { codePointsOf, foldCase, matchesTokens } from '../pattern.ts'
import { compileTemplate, resolveTemplate } from '../template.ts'
import type { Comparison } from './value-test.ts'

/** How a String operator reads its values. */
type StringReading = { readonly wildcards: boolean; readonly ignoreCase: boolean }

/** Comparison of `StringEquals`: `*` and `?` are ordinary characters. */
// Stryker disable next-line ObjectLiteral: a flag that is absent is as good as false
export const stringEquals = compareText({ wildcards: false, ignoreCase: false })

/** Comparison of `StringEqualsIgnoreCase`. */
export const stringEqualsIgnoreCase = compareText({ wildcards: false, ignoreCase: true })

/** Comparison of `StringLike`: wildcards, letter case counts. */
export const stringLike = compareText({ wildcards: true, ignoreCase: false })

function compareText(reading: StringReading): Comparison {
  return (policyValue, syntax) => {
    const compiled = compileTemplate(policyValue, { ...syntax, ...reading })
    if (!compiled.ok) return compiled
    const template = compiled.value
    return accept({
      template,
      matches: (requestValue, context) => {
        const text = reading.ignoreCase ? foldCase(requestValue) : requestValue
        const pattern = resolveTemplate(template, context)
        return pattern !== undefined && matchesTokens(pattern, codePointsOf(text))
      },
    })
  }
}
