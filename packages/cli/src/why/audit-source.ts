import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { AuditRecord } from '@thingpass/core/audit-record'
import type { UsageProblem } from '../command-io.ts'
import { findRecord } from './audit-lines.ts'

/** Where past answers are looked up. */
export type AuditSource = (
  requestId: string,
) => Promise<{ readonly record: AuditRecord | undefined } | UsageProblem>

/** The audit file of a local stack, read line by line: it grows without bound. */
export function auditFile(path: string): AuditSource {
  return async (requestId) => {
    const lines = createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })
    try {
      let record: AuditRecord | undefined
      for await (const line of lines) record = findRecord([line], requestId) ?? record
      return { record }
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException
      return { problem: `${path} cannot be read (${code ?? 'unknown reason'})` }
    }
  }
}
