/** One thing that a pattern asks for: this character, any one character, or any run of characters. */
export type ReferenceToken = { readonly literal: string } | 'any-one' | 'any-run'

/**
 * Reads an IAM pattern the slow and obvious way, after the IAM User Guide's words: `${*}`, `${?}` and `${$}` are those
 * characters, `*` and `?` are wildcards. Undefined where the pattern has a variable: nobody knows its value.
 */
export function readReferencePattern(pattern: string): readonly ReferenceToken[] | undefined {
  if (pattern === '') return []
  const escaped = ['*', '?', '$'].find((character) => pattern.startsWith(`\${${character}}`))
  const isVariable = escaped === undefined && pattern.startsWith('${') && pattern.includes('}')
  if (isVariable) return undefined
  const [first = ''] = pattern
  const rest = readReferencePattern(pattern.slice(escaped === undefined ? first.length : 4))
  if (rest === undefined) return undefined
  if (escaped !== undefined) return [{ literal: escaped }, ...rest]
  if (first === '*') return ['any-run', ...rest]
  return [first === '?' ? 'any-one' : { literal: first }, ...rest]
}

/** Whether the tokens match the whole text: dynamic programming, one truth value per pair of prefixes. */
export function referenceTokensMatch(tokens: readonly ReferenceToken[], text: string): boolean {
  const characters = [...text]
  let reachable: readonly boolean[] = [true, ...characters.map(() => false)]
  for (const token of tokens) {
    const before = reachable
    const after: boolean[] = []
    for (let end = 0; end <= characters.length; end += 1) {
      if (token === 'any-run') after.push(before.slice(0, end + 1).includes(true))
      else {
        const fits = token === 'any-one' || token.literal === characters[end - 1]
        after.push(end > 0 && fits && before[end - 1] === true)
      }
    }
    reachable = after
  }
  return reachable[characters.length] === true
}

/** Whether the pattern matches the whole text; a pattern with a variable in it matches nothing. */
export function referenceMatches(pattern: string, text: string): boolean {
  const tokens = readReferencePattern(pattern)
  return tokens !== undefined && referenceTokensMatch(tokens, text)
}
