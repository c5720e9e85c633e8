import { median, type Pair, type Ratio, ratioOf } from './statistics.ts'

/** The parts of the bench, as `--only` names them. */
export const SECTIONS = ['a', 'b', 'c', 'd', 'e', 'f'] as const
export type Section = (typeof SECTIONS)[number]

/** What a figure must be to pass. `goal` is told and fails nothing. */
export type Limit = {
  readonly kind: 'atMost' | 'atLeast' | 'below'
  readonly value: number
  readonly goal?: true
}

/** One line of the results. */
export type Row = {
  readonly section: Section
  readonly what: string
  readonly unit: string
  /** Median of ours, in `unit`. */
  readonly ours: number
  /** Median of what ours is held against. */
  readonly base?: number
  readonly ratio?: Ratio
  /** Of the ratio where there is one, else of `ours`. */
  readonly limit?: Limit
}

export type Verdict = 'met' | 'missed' | 'goal met' | 'goal missed' | 'no limit'

/** A line that compares: medians of both sides, their ratio, and its limit. */
export function comparison(
  line: Pick<Row, 'section' | 'what' | 'unit' | 'limit'>,
  pairs: readonly Pair[],
): Row {
  return {
    ...line,
    ours: median(pairs.map(({ ours }) => ours)),
    base: median(pairs.map(({ base }) => base)),
    ratio: ratioOf(pairs),
  }
}

/** Whether a line is within its limit. A figure that is no number is not. */
export function verdictOf({ ours, ratio, limit }: Row): Verdict {
  if (limit === undefined) return 'no limit'
  const held = holds(ratio === undefined ? ours : ratio.value, limit)
  if (limit.goal === true) return held ? 'goal met' : 'goal missed'
  return held ? 'met' : 'missed'
}

function holds(measured: number, { kind, value }: Limit): boolean {
  if (kind === 'atMost') return measured <= value
  return kind === 'below' ? measured < value : measured >= value
}

/** 1 as soon as one line misses its limit, or when there is nothing to judge. */
export function exitCodeOf(rows: readonly Row[]): 0 | 1 {
  const passed = rows.length > 0 && rows.every((row) => verdictOf(row) !== 'missed')
  return passed ? 0 : 1
}
