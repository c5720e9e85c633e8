import { type Limit, type Row, verdictOf } from './row.ts'

const HEADINGS = ['', 'measured', 'Thingpass', 'bare', 'ratio [95 %]', 'limit', 'result'] as const

/** The results as a Markdown table, which is fit to be read as text, too. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)]
  const widths = HEADINGS.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = widths.map((width) => '-'.repeat(width))
  const [headings = [], ...body] = cells
  return [line(headings), line(rule), ...body.map(line)].join('\n')
}

function cellsOf(row: Row): readonly string[] {
  const { section, what, unit, ours, base, ratio } = row
  const verdict = verdictOf(row)
  return [
    section,
    what,
    `${figure(ours)} ${unit}`,
    base === undefined ? '' : `${figure(base)} ${unit}`,
    ratio === undefined
      ? ''
      : `${ratio.value.toFixed(2)} [${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)}]`,
    limitText(row),
    verdict === 'no limit' ? '' : verdict,
  ]
}

const SIGNS: Record<Limit['kind'], string> = { atMost: '≤', atLeast: '≥', below: '<' }

function limitText({ limit, ratio, unit }: Row): string {
  if (limit === undefined) return ''
  const measure = ratio === undefined ? ` ${unit}` : ''
  return `${SIGNS[limit.kind]} ${limit.value}${measure}`
}

/** Three significant digits, thousands apart, no exponent. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))
  const rounded = Number(value.toPrecision(3))
  return rounded.toLocaleString('en', { maximumFractionDigits: Math.min(digits, 3) })
}
