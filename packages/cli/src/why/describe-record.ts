import type { AuditRecord } from '@thingpass/core/audit-record'
import { describeStatement } from './describe-statement.ts'
import { FAULT_GUIDE, REASON_GUIDE } from './reason-guide.ts'

/** Tells a person what a past answer was about: who asked for what, what was decided, why, and what to do. */
export function describeRecord(record: AuditRecord): string {
  return [
    `${record.time}  ${record.decision}  HTTP ${record.status}`,
    ...fieldLines(record),
    ...verdictLines(record),
    ...(record.statements ?? []).map((trace) => `  - ${describeStatement(trace)}`),
    '',
  ].join('\n')
}

const FIELDS = [
  ['tenant', 'tenantId'],
  ['thing', 'thingName'],
  ['role alias', 'roleAlias'],
  ['certificate', 'certificateId'],
  ['role', 'roleArn'],
  ['access key', 'accessKeyId'],
  ['from', 'sourceIp'],
  ['host', 'hostName'],
] as const

function fieldLines(record: AuditRecord): readonly string[] {
  const fields = FIELDS.flatMap(([label, name]) => {
    const value = record[name]
    return value === undefined ? [] : [line(label, value)]
  })
  const policies = record.policies ?? []
  const names = policies.map(({ policyName, versionId }) => `${policyName} (version ${versionId})`)
  return [
    ...fields,
    ...(names.length === 0 ? [] : [line('policies', names.join(', '))]),
    ...durationLine(record),
  ]
}

function durationLine(record: AuditRecord): readonly string[] {
  const { durationAskedSeconds, durationGivenSeconds, durationClampedBy = [] } = record
  if (durationGivenSeconds === undefined) return []
  const clamp =
    durationClampedBy.length === 0 ? '' : `, shortened by ${durationClampedBy.join(', ')}`
  return [line('duration', `${durationGivenSeconds} s of ${durationAskedSeconds} s asked${clamp}`)]
}

function verdictLines({ reason, fault, detail }: AuditRecord): readonly string[] {
  const verdict = reason ?? fault
  if (verdict === undefined) return []
  const meaning = reason === undefined ? FAULT_GUIDE[fault ?? 'UNEXPECTED'] : REASON_GUIDE[reason]
  return [
    line('why', verdict),
    line('', meaning),
    ...(detail === undefined ? [] : [line('detail', detail)]),
  ]
}

function line(label: string, text: string): string {
  return `${label.padEnd(12)}${text}`
}
