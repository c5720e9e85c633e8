import type { Limit, Row } from './row.ts'
import { verdictOf } from './row.ts'
import type { Ratio } from './statistics.ts'

/** A row that can be drawn: it has a ratio and a limit. */
type Compared = Row & { readonly ratio: Ratio; readonly limit: Limit }

const WIDTH = 960
const LABELS = 366
const RESULTS = 218
const TOP = 74
const ROW = 34
const BOTTOM = 62
const PLOT = { left: LABELS, right: WIDTH - RESULTS }
/** Where the words of a result begin, right of the plot. */
const COLUMNS = { ratio: 14, limit: 62, verdict: 152 }

/** Colours for light and dark; the panel has a ground of its own, so it can be read on any page. */
const STYLE = `
  .ground { fill: #ffffff; stroke: #d0d7de }
  .title { fill: #1f2328; font-weight: 600; font-size: 16px }
  .text { fill: #1f2328 }
  .faint { fill: #59636e; font-size: 12px }
  .grid { stroke: #d8dee4 }
  .one { stroke: #59636e }
  .room { fill: #0969da; fill-opacity: .10 }
  .limit { stroke: #0969da; stroke-width: 2 }
  .good { fill: #1a7f37; stroke: #1a7f37 }
  .bad { fill: #bc4c00; stroke: #bc4c00 }
  .good-text { fill: #1a7f37 }
  .bad-text { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; stroke: #3d444d }
    .title, .text { fill: #f0f6fc }
    .faint { fill: #9198a1 }
    .grid { stroke: #2a313c }
    .one { stroke: #9198a1 }
    .room { fill: #4493f8; fill-opacity: .16 }
    .limit { stroke: #4493f8 }
    .good { fill: #3fb950; stroke: #3fb950 }
    .bad { fill: #f0883e; stroke: #f0883e }
  .good-text { fill: #3fb950 }
  .bad-text { fill: #f0883e }
  }`

/**
 * Draws every ratio that has a limit: the dot is the ratio of the medians, the line its 95 % interval, the shaded part is
 * where the limit lets it lie. Rows of the table's size are left out: they are all 1.
 */
export function renderPlot(rows: readonly Row[]): string {
  const compared = rows.filter(isCompared)
  const most = Math.max(1.25, ...compared.flatMap(({ ratio, limit }) => [ratio.value, limit.value]))
  const end = Math.ceil(most * 1.15 * 4) / 4
  const x = (ratio: number) => PLOT.left + (Math.min(ratio, end) / end) * (PLOT.right - PLOT.left)
  const height = TOP + compared.length * ROW + BOTTOM
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`,
    `  font-family="system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', sans-serif" font-size="13" role="img" aria-labelledby="title">`,
    `<title id="title">Thingpass against the bare minimum, as ratios with their limits</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>`,
    `<text class="title" x="20" y="30">Thingpass against the bare minimum</text>`,
    `<text class="faint" x="20" y="50">dot: ratio of the medians of one run, both sides in turns; line: its 95 % interval; shaded: within the limit</text>`,
    ...axis(end, x, height),
    ...compared.flatMap((row, index) => drawRow(row, TOP + index * ROW, x)),
    '</svg>\n',
  ].join('\n')
}

function isCompared(row: Row): row is Compared {
  return row.ratio !== undefined && row.limit !== undefined && row.section !== 'f'
}

function axis(end: number, x: (ratio: number) => number, height: number): readonly string[] {
  const step = end > 3 ? 1 : end > 1.5 ? 0.5 : 0.25
  const bottom = height - BOTTOM + 4
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step)
  return [
    ...ticks.flatMap((tick) => [
      `<line class="${tick === 1 ? 'one' : 'grid'}" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${TOP - 6}" y2="${bottom}"/>`,
      `<text class="faint" x="${at(x(tick))}" y="${bottom + 16}" text-anchor="middle">${tick}×</text>`,
    ]),
    `<text class="faint" x="${at((PLOT.left + PLOT.right) / 2)}" y="${bottom + 36}" text-anchor="middle">times the bare one (1× = equal)</text>`,
  ]
}

function drawRow(row: Compared, top: number, x: (ratio: number) => number): readonly string[] {
  const { what, ratio, limit } = row
  const verdict = verdictOf(row)
  const look = verdict === 'met' || verdict === 'goal met' ? 'good' : 'bad'
  const middle = top + ROW / 2
  const edge = x(limit.value)
  const [from, to] = limit.kind === 'atLeast' ? [edge, PLOT.right] : [PLOT.left, edge]
  const column = (offset: number, look: string, text: string) =>
    `<text class="${look}" x="${PLOT.right + offset}" y="${middle + 4}">${text}</text>`
  const sign = limit.kind === 'atLeast' ? '≥' : '≤'
  return [
    `<text class="text" x="${PLOT.left - 12}" y="${middle + 4}" text-anchor="end">${escapeText(`${what} (${row.unit})`)}</text>`,
    `<rect class="room" x="${at(from)}" y="${top + 5}" width="${at(to - from)}" height="${ROW - 10}"/>`,
    `<line class="limit" x1="${at(edge)}" x2="${at(edge)}" y1="${top + 5}" y2="${top + ROW - 5}"/>`,
    `<line class="${look}" stroke-width="2" x1="${at(x(ratio.low))}" x2="${at(x(ratio.high))}" y1="${middle}" y2="${middle}"/>`,
    `<circle class="${look}" cx="${at(x(ratio.value))}" cy="${middle}" r="5"/>`,
    column(COLUMNS.ratio, 'text', `${ratio.value.toFixed(2)}×`),
    column(COLUMNS.limit, 'faint', `${sign} ${limit.value}${limit.goal === true ? ' (goal)' : ''}`),
    column(COLUMNS.verdict, `${look}-text`, look === 'good' ? 'met' : 'missed'),
  ]
}

const at = (coordinate: number) => Math.round(coordinate * 10) / 10

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
