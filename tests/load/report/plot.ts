import { escapeHtml } from './escape-html.ts'
import { formatNumber } from './format-number.ts'
import type { Mark } from './summary.ts'

/** One line of a plot. Where a value is undefined the line is broken. */
export type PlotLine = {
  readonly name: string
  /** Number of its colour in the page's style, from 1. */
  readonly colour: number
  readonly points: readonly { readonly x: number; readonly y: number | undefined }[]
  /** Fills the room below it; lines are drawn in order, so the tallest comes first. */
  readonly filled?: boolean
}

/** A plot over time. */
export type Plot = {
  readonly title: string
  /** Unit of the values: `ms`, `/s`, `cores`. */
  readonly unit: string
  /** Seconds that the plot is wide. */
  readonly seconds: number
  readonly lines: readonly PlotLine[]
  readonly marks?: readonly Mark[]
}

const WIDTH = 520
const HEIGHT = 200
const LEFT = 52
const RIGHT = 12
const TOP = 12
const BOTTOM = 28
const INNER_WIDTH = WIDTH - LEFT - RIGHT
const INNER_HEIGHT = HEIGHT - TOP - BOTTOM
const TICKS = 4

/** Draws a plot as a figure: SVG with a legend. Colours come from the page, so that they fit light and dark. */
export function drawPlot(plot: Plot): string {
  const { title, unit, lines, seconds, marks = [] } = plot
  const shown = lines.filter(({ points }) => points.some(({ y }) => y !== undefined))
  const caption = `<figcaption>${escapeHtml(title)} <span class="unit">${escapeHtml(unit)}</span></figcaption>`
  if (shown.length === 0) return `<figure>${caption}<p class="none">not measured</p></figure>`
  const scale = scaleOf(shown, seconds)
  const parts = [
    gridOf(scale),
    ...shown.map((line) => pathOf(line, scale)),
    ...marks.map((mark) => markOf(mark, scale)),
  ]
  return `<figure>${caption}
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(`${title}, ${unit}`)}">
${parts.join('\n')}
</svg>
${legendOf(shown)}</figure>`
}

type Scale = {
  readonly x: (second: number) => number
  readonly y: (value: number) => number
  readonly secondTicks: readonly number[]
  readonly valueTicks: readonly number[]
}

function scaleOf(lines: readonly PlotLine[], seconds: number): Scale {
  const values = lines.flatMap(({ points }) => points.flatMap(({ y }) => y ?? []))
  const valueTicks = ticksUpTo(values.reduce((most, value) => Math.max(most, value), 0))
  const top = valueTicks.at(-1) ?? 1
  const wide = Math.max(seconds, 1)
  return {
    x: (second) => round(LEFT + (second / wide) * INNER_WIDTH),
    y: (value) => round(TOP + INNER_HEIGHT - (value / top) * INNER_HEIGHT),
    secondTicks: ticksUpTo(wide).filter((second) => second <= wide),
    valueTicks,
  }
}

/** Round steps from 0 to at least the value. */
export function ticksUpTo(most: number): readonly number[] {
  if (!(most > 0)) return [0, 1]
  const rough = most / TICKS
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = magnitude * ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10)
  const count = Math.ceil(most / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

const round = (pixels: number) => Math.round(pixels * 10) / 10

function gridOf({ x, y, secondTicks, valueTicks }: Scale): string {
  const right = WIDTH - RIGHT
  const values = valueTicks.map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${right}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${formatNumber(value)}</text>`,
  )
  const seconds = secondTicks.map(
    (second) =>
      `<text x="${x(second)}" y="${HEIGHT - 8}" text-anchor="middle">${formatNumber(second)} s</text>`,
  )
  return [...values, ...seconds].join('\n')
}

function pathOf({ points, colour, filled = false, name }: PlotLine, scale: Scale): string {
  const runs = runsOf(points).map((run) => run.map(({ x, y }) => `${scale.x(x)},${scale.y(y)}`))
  const title = `<title>${escapeHtml(name)}</title>`
  return runs
    .map((run) => {
      const [first = '0,0'] = run
      const last = run.at(-1) ?? first
      const floor = scale.y(0)
      const area = `M${first.split(',')[0]},${floor} L${run.join(' L')} L${last.split(',')[0]},${floor} Z`
      const fill = filled ? `<path class="area c${colour}" d="${area}">${title}</path>` : ''
      // A value between two gaps is a dot: a line has no length there.
      const line =
        run.length === 1
          ? `<circle class="dot c${colour}" cx="${first.split(',')[0]}" cy="${first.split(',')[1]}" r="2.5">${title}</circle>`
          : `<path class="line c${colour}" d="M${run.join(' L')}">${title}</path>`
      return fill + line
    })
    .join('')
}

/** A line's points, broken where a value is missing. */
function runsOf(
  points: PlotLine['points'],
): readonly { readonly x: number; readonly y: number }[][] {
  const runs: { readonly x: number; readonly y: number }[][] = []
  let open: { readonly x: number; readonly y: number }[] | undefined
  for (const { x, y } of points) {
    if (y === undefined) {
      open = undefined
      continue
    }
    if (open === undefined) {
      open = []
      runs.push(open)
    }
    open.push({ x, y })
  }
  return runs
}

function markOf({ second, label }: Mark, { x }: Scale): string {
  const at = x(second)
  const beyondMiddle = at > WIDTH / 2
  const text = `<text class="mark" x="${beyondMiddle ? at - 5 : at + 5}" y="${TOP + 10}" text-anchor="${beyondMiddle ? 'end' : 'start'}">${escapeHtml(label)}</text>`
  return `<line class="mark" x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>${text}`
}

function legendOf(lines: readonly PlotLine[]): string {
  const items = lines.map(
    ({ name, colour }) => `<li><i class="c${colour}"></i>${escapeHtml(name)}</li>`,
  )
  return `<ul class="legend">${items.join('')}</ul>`
}
