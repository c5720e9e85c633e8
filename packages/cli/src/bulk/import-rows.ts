import type { Failure } from '../api/option-readers.ts'
import type { DeviceRow, ReadRow } from './device-row.ts'

/** How far an import is, in rows. */
export type ImportCounts = {
  /** Registered by this run. */
  readonly done: number
  /** Registered by an earlier run. */
  readonly skipped: number
  readonly failed: number
}

/** A row that was not registered. */
export type FailedRow = {
  readonly line: number
  readonly thingName?: string
  /** AWS's code, where the control plane refused. */
  readonly code?: string
  readonly message: string
}

/** What an import acts with. */
export type ImportParts = {
  readonly rows: AsyncIterable<ReadRow>
  /** Rows in work at one time. */
  readonly concurrency: number
  readonly isDone: (device: DeviceRow) => boolean
  readonly register: (device: DeviceRow) => Promise<Failure | undefined>
  readonly markDone: (device: DeviceRow) => Promise<void>
  readonly report: (row: FailedRow) => Promise<void>
  readonly progress: (counts: ImportCounts) => void
}

/** How an import ended: with all rows tried, or before that, because it made no sense to go on. */
export type ImportSummary = ImportCounts & { readonly stopped?: string }

/** Failures of the service that may follow each other before nobody believes in the next row. */
const MOST_OUTAGES = 20

/**
 * Registers all devices of a file, several at a time, and goes on where one fails. It stops where the control plane cannot be
 * asked, or keeps failing for reasons that are not the row's.
 */
export async function importRows(parts: ImportParts): Promise<ImportSummary> {
  const state: State = { done: 0, skipped: 0, failed: 0, outages: 0, stopped: undefined }
  const rows = parts.rows[Symbol.asyncIterator]()
  const work = async () => {
    try {
      while (state.stopped === undefined) {
        const next = await rows.next()
        if (next.done === true) return
        await importRow(next.value, parts, state)
        parts.progress(state)
      }
    } catch (thrown) {
      // Reading the file, the journal or the report: without them nothing can be gone on with.
      const { code } = thrown as NodeJS.ErrnoException
      state.stopped ??= `a file cannot be read or written (${code ?? 'unknown reason'})`
    }
  }
  await Promise.all(Array.from({ length: parts.concurrency }, work))
  const { done, skipped, failed, stopped } = state
  return { done, skipped, failed, ...(stopped !== undefined && { stopped }) }
}

type State = {
  done: number
  skipped: number
  failed: number
  /** In a row. */
  outages: number
  stopped: string | undefined
}

async function importRow(row: ReadRow, parts: ImportParts, state: State): Promise<void> {
  if ('problem' in row) {
    const { line, problem: message, thingName } = row
    return fail({ line, message, ...(thingName !== undefined && { thingName }) }, parts, state)
  }
  const { device, line } = row
  if (parts.isDone(device)) {
    state.skipped += 1
    return
  }
  const failure = await parts.register(device)
  if (failure === undefined) {
    state.outages = 0
    state.done += 1
    return parts.markDone(device)
  }
  if ('problem' in failure) {
    state.stopped ??= failure.problem
    return
  }
  const { code, message, status } = failure.error
  state.outages = isOutage(status, code) ? state.outages + 1 : 0
  if (state.outages >= MOST_OUTAGES) state.stopped ??= `${message} (${code}, HTTP ${status})`
  return fail({ line, thingName: device.thingName, code, message }, parts, state)
}

/** Whether a refusal says more about the service, or the caller, than about the row. */
function isOutage(status: number, code: string): boolean {
  return status >= 500 || [401, 403, 429].includes(status) || code === 'ThrottlingException'
}

async function fail(row: FailedRow, { report }: ImportParts, state: State): Promise<void> {
  state.failed += 1
  await report(row)
}
