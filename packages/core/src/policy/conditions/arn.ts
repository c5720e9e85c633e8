import { isArn, matchesSegments, segmentsOf } from '../arn.ts'
import { accept } from '../parsed.ts'
import { codePointsOf } from '../pattern.ts'
import { compileTemplate, resolveTemplate } from '../template.ts'
import type { Comparison } from './value-test.ts'

/** Comparison of `ArnLike` and `ArnEquals`, which are one: per segment, with wildcards. What is no ARN matches nothing. */
export const arnLike: Comparison = (policyValue, syntax) => {
  const compiled = compileTemplate(policyValue, { ...syntax, wildcards: true, ignoreCase: false })
  if (!compiled.ok) return compiled
  const template = compiled.value
  return accept({
    template,
    matches: (requestValue, context) => {
      const segments = segmentsOf(codePointsOf(requestValue))
      const pattern = resolveTemplate(template, context)
      return pattern !== undefined && isArn(segments) && matchesSegments(pattern, segments)
    },
  })
}
