import { escapeHtml } from './escape-html.ts'
import { formatNumber } from './format-number.ts'

/** Draws counts by name as bars, the largest first; each with its number, so that nothing has to be read off. */
export function drawBars(title: string, counts: Readonly<Record<string, number>>): string {
  const caption = `<figcaption>${escapeHtml(title)}</figcaption>`
  const entries = Object.entries(counts).toSorted(([, one], [, other]) => other - one)
  if (entries.length === 0) return `<figure>${caption}<p class="none">none</p></figure>`
  const most = entries[0]?.[1] ?? 1
  const rows = entries.map(([name, count]) => {
    const width = Math.max(1, Math.round((count / most) * 100))
    return `<tr><th scope="row">${escapeHtml(name)}</th><td class="number">${formatNumber(count)}</td><td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="c${colourOf(name)}" width="${width}" height="10"/></svg></td></tr>`
  })
  return `<figure>${caption}<table class="bars"><tbody>${rows.join('\n')}</tbody></table></figure>`
}

/** Number of the colour of an answer: credentials, told to come back, refused, failed. Reasons have that of refusals. */
export function colourOf(answer: string): number {
  if (answer === '200') return 1
  if (answer === '429' || answer === '503') return 2
  return /^[a-z]|^4/.test(answer) ? 3 : 4
}
