import type { Finding } from './finding.ts'
import type { Collection } from './fleet-record.ts'

/** A step of an import: a collection, or the deprecations that end the thing types. */
export type StageName = Collection | 'thing-type-deprecations'

/** What became of one record; `none` = there was nothing to do for it. */
export type Outcome = 'created' | 'already' | 'none' | 'left-out' | 'failed'

/** The last word on one record. */
export type JournalEntry = {
  readonly stage: StageName
  readonly key: string
  readonly outcome: Outcome
  /** Why it failed. */
  readonly reason?: string
  readonly findings?: readonly Finding[]
  /** Of a policy whose default version has a statement that denies. */
  readonly denies?: true
}

/** What an import remembers: in memory, and in a file where it is to survive. */
export type Journal = {
  readonly find: (stage: StageName, key: string) => JournalEntry | undefined
  readonly add: (entry: JournalEntry) => void
  /** Where a stage can go on; undefined = at its beginning. */
  readonly cursorOf: (stage: StageName) => string | undefined
  readonly setCursor: (stage: StageName, cursor: string) => void
  readonly entries: () => Iterable<JournalEntry>
}

/** A change of a journal, as its file keeps it. */
export type JournalChange = JournalEntry | { readonly stage: StageName; readonly cursor: string }

/** Makes a journal; each change is told before it counts. */
export function createJournal(keep: (change: JournalChange) => void = () => undefined): Journal & {
  readonly apply: (change: JournalChange) => void
} {
  const byKey = new Map<string, JournalEntry>()
  const cursors = new Map<StageName, string>()
  const unfinished = new Map<StageName, Set<string>>()
  const apply = (change: JournalChange) => {
    if ('cursor' in change) {
      cursors.set(change.stage, change.cursor)
      return
    }
    byKey.set(`${change.stage} ${change.key}`, change)
    const open = unfinished.get(change.stage) ?? new Set()
    if (isDone(change)) open.delete(change.key)
    else open.add(change.key)
    unfinished.set(change.stage, open)
  }
  const change = (made: JournalChange) => {
    keep(made)
    apply(made)
  }
  return {
    apply,
    find: (stage, key) => byKey.get(`${stage} ${key}`),
    add: change,
    // What has failed or was left out may stand before the cursor, and is looked at again.
    cursorOf: (stage) => ((unfinished.get(stage)?.size ?? 0) > 0 ? undefined : cursors.get(stage)),
    setCursor: (stage, cursor) => change({ stage, cursor }),
    entries: () => byKey.values(),
  }
}

/** Whether a later run need not look at the record again. */
export function isDone({ outcome }: Pick<JournalEntry, 'outcome'>): boolean {
  return outcome === 'created' || outcome === 'already' || outcome === 'none'
}
