import { codePointsOf, matchesTokens, STAR, type Token, tokensOf } from './pattern.ts'
import { createStepMeter, type StepMeter, takeSteps } from './step-meter.ts'

/** A text or pattern, cut at its first five colons; the last segment keeps the further colons. */
export type Segments = readonly (readonly Token[])[]

/** Segments of an ARN: arn, partition, service, region, account, resource. */
const ARN_SEGMENTS = 6
const [COLON] = codePointsOf(':') as [number]
const ANY_ARN = tokensOf('arn:*:*:*:*:*')

/** Cuts at the first five colons. */
export function segmentsOf(tokens: readonly Token[]): Segments {
  const segments: (readonly Token[])[] = []
  let start = 0
  while (segments.length < ARN_SEGMENTS - 1) {
    const colon = tokens.indexOf(COLON, start)
    if (colon === -1) break
    segments.push(tokens.slice(start, colon))
    start = colon + 1
  }
  segments.push(tokens.slice(start))
  return segments
}

/** Whether the text is an ARN in shape: six segments, the first `arn`. */
export function isArn(text: Segments, meter?: StepMeter): boolean {
  return matchesSegments(ANY_ARN, text, meter)
}

/**
 * Whether the pattern matches segment by segment: no wildcard reaches past one of the first five colons. `*` alone matches everything.
 * Source: IAM User Guide, reference_policies_elements_condition_operators (ArnLike: each of the six segments by itself).
 */
export function matchesSegments(
  pattern: readonly Token[],
  text: Segments,
  meter: StepMeter = createStepMeter(Number.POSITIVE_INFINITY),
): boolean {
  if (pattern.length === 1 && pattern[0] === STAR) return true
  takeSteps(meter, pattern.length)
  const segments = segmentsOf(pattern)
  // With fewer segments than the text the pattern would leave the rest of it unseen; with more it fails at the first that
  // has no counterpart.
  if (segments.length < text.length) return false
  return segments.every((segment, index) => {
    const counterpart = text[index]
    return counterpart !== undefined && matchesTokens(segment, counterpart, meter)
  })
}

/**
 * Whether an ARN fits a pattern of `*` and `?`, segment by segment and without variables, as an Allow would read it. For
 * patterns that are no policy: the role and API ARNs that a tenant may use.
 */
export function matchesArnPattern(pattern: string, arn: string): boolean {
  return matchesSegments(tokensOf(pattern), segmentsOf(codePointsOf(arn)))
}
