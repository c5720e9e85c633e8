import type { AuditRecord } from '@thingpass/core/audit-record'

/**
 * One line about a decision, for whoever watches the terminal: status, true reason, tenant, thing, alias, request id. A
 * device learns none of the reasons.
 */
export function decisionLine(record: AuditRecord): string {
  const { status, decision, reason, fault, tenantId, thingName, roleAlias, requestId } = record
  const who = [tenantId ?? '-', thingName ?? '-', roleAlias ?? '-'].join(' ')
  const why = reason ?? fault ?? durationOf(record)
  return [record.time, status, decision, who, why, requestId]
    .filter((part) => part !== '')
    .join(' ')
}

function durationOf({ durationGivenSeconds }: AuditRecord): string {
  return durationGivenSeconds === undefined ? '' : `${durationGivenSeconds}s`
}
