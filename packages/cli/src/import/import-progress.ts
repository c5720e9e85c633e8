import type { JournalEntry, StageName } from './journal.ts'

/** Shows how far an import is. */
export type ImportProgress = {
  readonly begin: (stage: StageName) => void
  readonly step: (entry: JournalEntry) => void
  /** A call has to wait, because the service asks for it. */
  readonly waiting: () => void
  readonly end: () => void
}

/** Milliseconds between two lines where the output is no terminal, and between two drawings where it is one. */
const PLAIN_MS = 5000
const DRAWN_MS = 100
const WIDTH = 24

/** What of a step has been dealt with. */
type Count = {
  readonly stage: StageName
  /** Which step it is, from 1. */
  readonly at: number
  done: number
  failed: number
  waits: number
}

/**
 * Shows progress: on a terminal one line that is drawn anew, elsewhere a plain line now and then and at the end of each step. How
 * many records there are is not known before they have been read, so the bar shows the steps.
 */
export function createImportProgress(
  write: (text: string) => void,
  about: {
    readonly terminal: boolean
    readonly stages: readonly StageName[]
    readonly now: () => number
  },
): ImportProgress {
  const { terminal, stages, now } = about
  const draw = terminal ? drawnLine : plainLine
  const every = terminal ? DRAWN_MS : PLAIN_MS
  let count: Count | undefined
  let shown = now()
  const show = () => {
    if (count === undefined || now() - shown < every) return
    shown = now()
    write(draw(count, stages.length))
  }
  const finish = () => {
    if (count !== undefined) write(`${draw(count, stages.length)}${terminal ? '\n' : ''}`)
    count = undefined
  }
  return {
    begin: (stage) => {
      finish()
      count = { stage, at: stages.indexOf(stage) + 1, done: 0, failed: 0, waits: 0 }
    },
    step: ({ outcome }) => {
      if (count === undefined) return
      count.done += 1
      count.failed += outcome === 'failed' ? 1 : 0
      show()
    },
    waiting: () => {
      if (count === undefined) return
      count.waits += 1
      show()
    },
    end: finish,
  }
}

function plainLine(count: Count): string {
  return `${told(count)}\n`
}

/** Goes back to the start of the line and clears it before it draws. */
function drawnLine(count: Count, stages: number): string {
  const full = Math.round((count.at / stages) * WIDTH)
  const bar = `${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}`
  return `\r\u001b[2K[${bar}] ${count.at}/${stages} ${told(count)}`
}

function told({ stage, done, failed, waits }: Count): string {
  const failures = failed > 0 ? `, ${failed} failed` : ''
  return `${stage}: ${done}${failures}${waits > 0 ? `, ${waits} calls held back` : ''}`
}
