import { codePointsOf, matchesTokens, STAR, type Token, tokensOf } from './pattern.ts'

/** A text or pattern, cut at its first five colons; the last segment keeps the further colons. */
export type Segments = readonly (readonly Token[])[]

/** Segments of an ARN: arn, partition, service, region, account, resource. */
const ARN_SEGMENTS = 6
const [COLON] = codePointsOf(':') as [number]
const ARN = codePointsOf('arn')

/** Cuts at the first five colons. */
export function segmentsOf(tokens: readonly Token[]): Segments {
  const segments: (readonly Token[])[] = []
  let start = 0
  while (segments.length < ARN_SEGMENTS - 1) {
    const colon = tokens.indexOf(COLON, start)
    if (colon < 0) break
    segments.push(tokens.slice(start, colon))
    start = colon + 1
  }
  segments.push(tokens.slice(start))
  return segments
}

/** Whether the text is an ARN in shape: six segments, the first `arn`. */
export function isArn(text: Segments): boolean {
  const [first = []] = text
  return text.length === ARN_SEGMENTS && matchesTokens(ARN, first)
}

/**
 * Whether the pattern matches segment by segment: no wildcard reaches past one of the first five colons. `*` alone matches everything.
 * Source: IAM User Guide, reference_policies_elements_condition_operators (ArnLike: each of the six segments by itself).
 */
export function matchesSegments(pattern: readonly Token[], text: Segments): boolean {
  if (pattern.length === 1 && pattern[0] === STAR) return true
  const segments = segmentsOf(pattern)
  return (
    segments.length === text.length &&
    segments.every((segment, index) => matchesTokens(segment, text[index] ?? []))
  )
}

/**
 * Whether an ARN fits a pattern of `*` and `?`, segment by segment and without variables, as an Allow would read it. For
 * patterns that are no policy: the role and API ARNs that a tenant may use.
 */
export function matchesArnPattern(pattern: string, arn: string): boolean {
  return matchesSegments(tokensOf(pattern), segmentsOf(codePointsOf(arn)))
}
