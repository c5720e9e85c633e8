import { holderKey, orderAttachments } from './attachment-order.ts'
import { pageOf, type ReadCollection } from './fleet-reader.ts'
import { type FleetRecord, keyOf, type RecordOf } from './fleet-record.ts'
import type { Journal } from './journal.ts'

/**
 * Reads all attachments before the first is made, and puts them into a safe order; `refuse` says for each whether its holder lacks
 * a policy that was not carried over.
 */
export function readOrderedAttachments(
  read: ReadCollection,
  journal: Pick<Journal, 'find'>,
): {
  readonly read: ReadCollection
  readonly refuse: (record: FleetRecord) => string | undefined
} {
  let incomplete: ReadonlyMap<string, string> = new Map()
  const outcomeOf = (policy: string) => journal.find('policies', policy)
  return {
    read: async function* () {
      const attachments: RecordOf<'policy-attachment'>[] = []
      for await (const { entries } of read()) {
        for (const { load } of entries) {
          const record = await load()
          if (record.kind === 'policy-attachment') attachments.push(record)
        }
      }
      const order = orderAttachments(attachments, {
        // A policy that this import has not seen may deny.
        denies: (policy) => outcomeOf(policy)?.denies ?? outcomeOf(policy) === undefined,
        isMissing: (policy) =>
          ['left-out', 'failed'].includes(outcomeOf(policy)?.outcome ?? 'created'),
      })
      incomplete = order.incomplete
      yield pageOf(order.ordered.map((record) => ({ key: keyOf(record), record })))
    },
    refuse: (record) => {
      if (record.kind !== 'policy-attachment') return undefined
      const lacking = incomplete.get(holderKey(record.target))
      if (lacking === undefined) return undefined
      return `its holder also has policy ${lacking}, which was not carried over: without it more could be allowed than was`
    },
  }
}
