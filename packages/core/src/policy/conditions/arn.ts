import { isArn, matchesSegments, segmentsOf } from '../arn.ts'
import { codePointsOf } from '../pattern.ts'
import { compareTemplate } from './value-test.ts'

/** Comparison of `ArnLike` and `ArnEquals`, which are one: per segment, with wildcards. What is no ARN matches nothing. */
export const arnLike = compareTemplate(
  { wildcards: true, ignoreCase: false },
  (pattern, requestValue, meter) => {
    const segments = segmentsOf(codePointsOf(requestValue))
    return isArn(segments, meter) && matchesSegments(pattern, segments, meter)
  },
)
