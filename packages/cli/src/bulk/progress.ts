import type { ImportCounts } from './import-rows.ts'

/** Where progress is shown, and what it is measured against. */
export type ProgressParts = {
  readonly write: (text: string) => void
  /** Whether lines can be written over. */
  readonly isTerminal: boolean
  /** Milliseconds from any fixed point. */
  readonly now: () => number
  /** Rows altogether. */
  readonly total: number
}

/** Shows how far an import is. */
export type Progress = {
  readonly update: (counts: ImportCounts) => void
  readonly end: (counts: ImportCounts) => void
}

const TERMINAL_INTERVAL_MS = 200
const PLAIN_INTERVAL_MS = 10_000
const BAR_WIDTH = 20
/** To the beginning of the line, and from where it ends to the edge nothing. */
const OVERWRITE = ['\r', '\u001b[K'] as const

/** Makes the display: one line that is written over on a terminal, elsewhere a line every ten seconds. */
export function createProgress({ write, isTerminal, now, total }: ProgressParts): Progress {
  const start = now()
  let last = start
  const show = (counts: ImportCounts) => {
    const line = progressLine(counts, { total, milliseconds: now() - start })
    write(isTerminal ? `${OVERWRITE[0]}${line}${OVERWRITE[1]}` : `${line}\n`)
  }
  const interval = isTerminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS
  return {
    update: (counts) => {
      if (now() - last < interval) return
      last = now()
      show(counts)
    },
    end: (counts) => {
      show(counts)
      if (isTerminal) write('\n')
    },
  }
}

/** One line: how much of the whole, how much failed, how fast, how long still. */
export function progressLine(
  { done, skipped, failed }: ImportCounts,
  { total, milliseconds }: { readonly total: number; readonly milliseconds: number },
): string {
  const tried = done + skipped + failed
  const share = total > 0 ? Math.min(1, tried / total) : 1
  const filled = Math.round(share * BAR_WIDTH)
  const perSecond = perSecondOf(done + failed, milliseconds)
  const left = perSecond > 0 ? Math.max(0, total - tried) / perSecond : undefined
  return [
    `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${Math.floor(share * 100)}%`,
    `${tried} of ${total}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    `${Math.round(perSecond)}/s`,
    ...(left === undefined || left === 0 ? [] : [`${clockTime(left)} left`]),
  ].join('  ')
}

/** Rows per second. */
export function perSecondOf(rows: number, milliseconds: number): number {
  return milliseconds > 0 ? (rows * 1000) / milliseconds : 0
}

function clockTime(seconds: number): string {
  const whole = Math.ceil(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts.map((part) => String(part).padStart(2, '0')).join(':')
  return shown.replace(/^00:/, '')
}
