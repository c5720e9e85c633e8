import type { AuditRecord } from '@thingpass/core/audit-record'
import type { Journal } from './journal.ts'
import type { Outcome } from './outcome.ts'

/** Closes a request's journal into its audit record. */
export function auditRecordOf(
  outcome: Outcome,
  journal: Journal,
  answered: { readonly time: Date; readonly requestId: string; readonly status: number },
): AuditRecord {
  const { entries, timings } = journal.read()
  return {
    kind: 'credentials',
    time: answered.time.toISOString(),
    requestId: answered.requestId,
    ...verdictOf(outcome),
    status: answered.status,
    ...entries,
    timings,
  }
}

function verdictOf(
  outcome: Outcome,
): Pick<AuditRecord, 'decision' | 'reason' | 'fault' | 'accessKeyId'> {
  switch (outcome.kind) {
    case 'issued':
      return { decision: 'allow', accessKeyId: outcome.credentials.accessKeyId }
    case 'refused':
      return { decision: 'deny', reason: outcome.reason }
    case 'failed':
      return { decision: 'fault', fault: outcome.fault.code }
  }
}
