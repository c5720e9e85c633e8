const START = '<!-- bench: what follows is written by `npm run bench -- --write` -->'
const END = '<!-- bench: end -->'

/**
 * The document with its generated section replaced.
 * @throws {Error} when it does not have exactly one, from one marker to the other
 */
export function replaceGenerated(document: string, generated: string): string {
  const [before, rest, ...more] = document.split(START)
  const [, after, ...evenMore] = rest?.split(END) ?? []
  const one = before !== undefined && after !== undefined && more.length + evenMore.length === 0
  if (!one) throw new Error('the document has no single section for the figures of the bench')
  return `${before}${START}\n\n${generated}\n\n${END}${after}`
}
