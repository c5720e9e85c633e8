import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import type { UsageProblem } from '../command-io.ts'
import { createJournal, type Journal, type JournalChange } from './journal.ts'

/** What is copied and whither: a file of another import is not gone on with. */
export type JournalHead = { readonly from: string; readonly to: string }

/** A journal that survives its process. */
export type JournalFile = {
  readonly journal: Journal
  /** Whether it goes on where an earlier run ended. */
  readonly resumed: boolean
  readonly close: () => void
  /** The import is done: the next one begins anew. */
  readonly remove: () => void
}

const FORMAT = 'thingpass-import/1'

/**
 * Opens the journal at the path, or begins one. Each change is one appended line, written before the next call, so that a killed
 * process loses at most the record it was at; a line that was cut off is dropped. Holds names, ids and reasons; no PEM, no key.
 */
export function openJournalFile(path: string, head: JournalHead): JournalFile | UsageProblem {
  const text = existsSync(path) ? readWhole(path) : ''
  if (typeof text !== 'string') return text
  const lines = text.split('\n').slice(0, -1)
  const [first, ...rest] = lines
  if (first !== undefined && first !== headLine(head)) {
    return { problem: `${path} is of another import; name another file with --state, or remove it` }
  }
  const file = openSync(path, 'a', 0o600)
  // Behind the last whole line a killed process may have left a piece of one.
  ftruncateSync(file, Buffer.byteLength(lines.map((line) => `${line}\n`).join('')))
  const journal = createJournal((change) => {
    writeSync(file, `${JSON.stringify(change)}\n`)
  })
  if (first === undefined) writeSync(file, `${headLine(head)}\n`)
  for (const line of rest) journal.apply(JSON.parse(line) as JournalChange)
  const close = () => closeSync(file)
  const remove = () => {
    close()
    unlinkSync(path)
  }
  return { journal, resumed: rest.length > 0, close, remove }
}

function headLine({ from, to }: JournalHead): string {
  return JSON.stringify({ format: FORMAT, from, to })
}

function readWhole(path: string): string | UsageProblem {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return { problem: `${path} cannot be read (${code ?? 'unknown reason'})` }
  }
}
