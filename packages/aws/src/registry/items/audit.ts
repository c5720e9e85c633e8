import { parseTenantId, type TenantId } from '@thingpass/core/names'
import { type Item, type ItemReader, number, openItem, text, textMap } from '../attributes.ts'
import { auditKey } from '../keys.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'audit'

/** What a record was before or after a change, as names and values for a person to read. Never a document, a PEM or a key. */
export type Summary = Readonly<Record<string, string | number | boolean | undefined>>

/** One change of the registry. */
export type AuditItem = {
  readonly tenantId: TenantId
  /** To the millisecond. */
  readonly time: Date
  readonly changeId: string
  /** ARN of who asked for it. */
  readonly actor: string
  /** Such as `attach-policy`. */
  readonly action: string
  /** What was changed, such as `certificate/<id>`. */
  readonly subject: string
  /** Absent when there was nothing before. */
  readonly before?: ReadonlyMap<string, string>
  /** Absent when there is nothing after. */
  readonly after?: ReadonlyMap<string, string>
}

/** Takes a summary as it is stored; what is undefined is left out. */
export const summarize = (summary: Summary): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(summary)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  )

/** Writes a change as an item. */
export function encodeAudit(item: AuditItem): Item {
  const { pk, sk } = auditKey(item.tenantId, item.time, item.changeId)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    tenantId: text(item.tenantId),
    timeMs: number(item.time.getTime()),
    changeId: text(item.changeId),
    actor: text(item.actor),
    action: text(item.action),
    subject: text(item.subject),
    ...(item.before && { before: textMap(item.before) }),
    ...(item.after && { after: textMap(item.after) }),
  }
}

/**
 * Reads a change.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeAudit(item: Item): AuditItem {
  const read = openItem(item, KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  const time = new Date(read.integer('timeMs', 0, LAST_MILLISECOND))
  const changeId = read.parsed('changeId', parseMadeId)
  read.liesAt(auditKey(tenantId, time, changeId))
  return {
    tenantId,
    time,
    changeId,
    actor: read.text('actor'),
    action: read.text('action'),
    subject: read.text('subject'),
    ...sidesOf(read),
  }
}

/** 9999-12-31T23:59:59.999Z. */
const LAST_MILLISECOND = 253_402_300_799_999

const sidesOf = (read: ItemReader): Pick<AuditItem, 'before' | 'after'> => ({
  ...(read.has('before') && { before: read.textMap('before') }),
  ...(read.has('after') && { after: read.textMap('after') }),
})
