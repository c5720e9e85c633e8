import { appendFile, rm } from 'node:fs/promises'
import type { FailedRow } from './import-rows.ts'

/** Collects the rows that failed, one JSON object a line. */
export type ErrorReport = { readonly add: (row: FailedRow) => Promise<void> }

/**
 * Begins a report; that of an earlier run goes. Where nothing fails there is no file.
 * @throws what the file system says, with its code
 */
export async function beginErrorReport(path: string): Promise<ErrorReport> {
  await rm(path, { force: true })
  let writing: Promise<void> = Promise.resolve()
  return {
    add: (row) => {
      writing = writing.then(() => appendFile(path, `${JSON.stringify(row)}\n`))
      return writing
    },
  }
}
