import type { AuditRecord } from '@thingpass/core/audit-record'

/** Finds the record of a request among audit lines, the last one where there are several. Lines that are none are passed over. */
export function findRecord(lines: Iterable<string>, requestId: string): AuditRecord | undefined {
  let found: AuditRecord | undefined
  for (const line of lines) {
    if (!line.includes(requestId)) continue
    const record = readRecord(line)
    if (record?.requestId === requestId) found = record
  }
  return found
}

function readRecord(line: string): AuditRecord | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined // a line that was cut off when the writer was killed
  }
}

function isRecord(value: unknown): value is AuditRecord {
  const members = ['requestId', 'time', 'decision'] as const
  return (
    typeof value === 'object' &&
    value !== null &&
    members.every((name) => typeof Reflect.get(value, name) === 'string')
  )
}
