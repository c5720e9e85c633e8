/**
 * Makes text safe to show on a terminal: what is not printable is written as an escape, so that a name or description that
 * somebody stored cannot move the cursor, change a title or hide what stands before it.
 */
export function printableText(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u{${code.toString(16)}}`
  })
}

/** Shows a value of JSON in one line: text as it is, nothing as nothing, what is nested as JSON. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return printableText(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  return printableText(JSON.stringify(value, sortMembers))
}

/** Maps of the registry come in any order, which would change from one look to the next. */
function sortMembers(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = Object.entries(value)
  return Object.fromEntries(members.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
