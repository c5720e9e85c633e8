import { escapeHtml } from './escape-html.ts'
import { formatNumber } from './format-number.ts'

/** Counts by name under a title. */
export type Bars = {
  readonly title: string
  readonly counts: Readonly<Record<string, number>>
  /** Number of a bar's colour in the page's style. */
  readonly colourOf: (name: string) => number
}

/** Draws counts as bars in one figure, the largest of each first; each with its number, so that nothing has to be read off. */
export function drawBars(groups: readonly Bars[]): string {
  return `<figure class="counts">${groups.map(drawGroup).join('\n')}</figure>`
}

function drawGroup({ title, counts, colourOf }: Bars): string {
  const entries = Object.entries(counts).toSorted(([, one], [, other]) => other - one)
  const caption = `<caption>${escapeHtml(title)}</caption>`
  const most = entries[0]?.[1] ?? 1
  const rows = entries.map(([name, count]) => {
    const width = Math.max(1, Math.round((count / most) * 100))
    const bar = `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="c${colourOf(name)}" width="${width}" height="10"/></svg>`
    return `<tr><th scope="row">${escapeHtml(name)}</th><td class="number">${formatNumber(count)}</td><td class="bar">${bar}</td></tr>`
  })
  const none = '<tr><td class="none" colspan="3">none</td></tr>'
  return `<table class="bars">${caption}<tbody>${rows.length === 0 ? none : rows.join('\n')}</tbody></table>`
}

/** Number of the colour of an answer: credentials, told to come back, refused, failed. */
export function answerColour(answer: string): number {
  if (answer === '200') return 1
  if (answer === '429' || answer === '503') return 2
  return /^4\d\d$/.test(answer) ? 3 : 4
}
