import type { AuditRecord } from '@thingpass/core/audit-record'

/** The parts of an audit record that become known while a request is worked on. */
type Entries = Partial<
  Omit<AuditRecord, 'kind' | 'time' | 'requestId' | 'decision' | 'status' | 'timings'>
>

/**
 * Collects what is known of one request, so that a failure in the middle still leaves a full audit record of what
 * came before it.
 */
export type Journal = {
  readonly note: (entries: Entries) => void
  /** Runs one phase and adds its milliseconds to the timings, also when it fails. */
  readonly time: <Result>(phase: string, work: () => Promise<Result>) => Promise<Result>
  readonly read: () => {
    readonly entries: Entries
    readonly timings: Readonly<Record<string, number>>
  }
}

/** Makes an empty journal; `stopwatch` gives monotonic milliseconds. */
export function createJournal(stopwatch: () => number): Journal {
  const start = stopwatch()
  const timings: Record<string, number> = {}
  let entries: Entries = {}
  const since = (instant: number) => Math.round((stopwatch() - instant) * 100) / 100
  return {
    note: (more) => {
      entries = { ...entries, ...more }
    },
    time: async (phase, work) => {
      const begun = stopwatch()
      try {
        return await work()
      } finally {
        timings[phase] = since(begun)
      }
    },
    read: () => ({ entries, timings: { ...timings, total: since(start) } }),
  }
}
