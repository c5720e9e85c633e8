import { open, stat } from 'node:fs/promises'
import type { AuditRecord } from '@thingpass/core/audit-record'
import { countBy } from './time-series.ts'

/** What the audit file says of one scenario. */
export type AuditCounts = {
  readonly records: number
  readonly allowed: number
  /** Refusals by reason and failures by code. */
  readonly reasons: Readonly<Record<string, number>>
}

/** The place in the audit file from which on records are new: its length in octets. */
export async function markAudit(path: string): Promise<number> {
  return (await stat(path)).size
}

/** Counts the records that were written since the mark. */
export async function countAudit(path: string, mark: number): Promise<AuditCounts> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const { buffer } = await file.read(Buffer.alloc(size - mark), 0, size - mark, mark)
    return countRecords(buffer.toString('utf8'))
  } finally {
    await file.close()
  }
}

/** Counts records, one JSON object a line. */
export function countRecords(text: string): AuditCounts {
  const records: readonly AuditRecord[] = text
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  const refused = records.filter(({ decision }) => decision !== 'allow')
  return {
    records: records.length,
    allowed: records.length - refused.length,
    reasons: countBy(refused, ({ reason, fault }) => reason ?? fault ?? 'unknown'),
  }
}
