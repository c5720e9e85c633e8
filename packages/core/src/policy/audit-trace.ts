import type { PolicyIdentity } from '../records.ts'
import type { ConditionMismatch, Mismatch, StatementTrace } from './trace.ts'

/** What an audit record says of a refusal by policies. */
export type AuditedRefusal = {
  /** In the trace's order, texts and lists cut; a cut ends in `…`. */
  readonly statements: readonly StatementTrace[]
  /** In the order given. */
  readonly policies: readonly PolicyIdentity[]
  /** Present when statements, conditions of them or policies were left out. */
  readonly truncated?: true
}

/** Characters of one text of a policy's author. */
const MOST_CHARACTERS = 128
/** Texts of one list, and conditions of one statement. */
const MOST_ITEMS = 4
/** Bytes of JSON that either list takes, so that a record stays under 16 KiB whatever is attached to a device. */
const MOST_BYTES = { statements: 8192, policies: 6144 }

/**
 * Makes what is kept of the evaluation that refused a request. Anybody with a certificate can cause a record, and the authors
 * of policies choose how long it would be: it is bounded, and what decided is kept first.
 */
export function auditRefusal(
  trace: readonly StatementTrace[],
  policies: readonly PolicyIdentity[],
): AuditedRefusal {
  const statements = keepWithin(MOST_BYTES.statements, byRank(trace, rankOf).map(cutStatement))
  const named = new Set(statements.map(({ item }) => item.policy))
  const rank = ({ policyName }: PolicyIdentity) => (named.has(policyName) ? 0 : 1)
  const identities = keepWithin(MOST_BYTES.policies, byRank(policies, rank))
  const isWhole =
    statements.length === trace.length &&
    identities.length === policies.length &&
    !trace.some(hasMoreConditions)
  return {
    statements: inOrder(statements),
    policies: inOrder(identities),
    ...(isWhole ? {} : { truncated: true }),
  }
}

type Placed<Item> = { readonly place: number; readonly item: Item }

/** A Deny that matched decided; else what should have allowed and did not is what is looked for. */
function rankOf({ effect, matched }: StatementTrace): number {
  if (effect === 'Deny') return matched ? 0 : 3
  return matched ? 2 : 1
}

function byRank<Item>(
  items: readonly Item[],
  rank: (item: Item) => number,
): readonly Placed<Item>[] {
  return items
    .map((item, place) => ({ item, place }))
    .toSorted((one, other) => rank(one.item) - rank(other.item))
}

/** The first of the items, as many as fit. */
function keepWithin<Item>(most: number, items: readonly Placed<Item>[]): readonly Placed<Item>[] {
  let bytes = 0
  const over = items.findIndex(({ item }) => {
    bytes += jsonBytes(item)
    return bytes > most
  })
  return over === -1 ? items : items.slice(0, over)
}

function inOrder<Item>(items: readonly Placed<Item>[]): readonly Item[] {
  return items.toSorted((one, other) => one.place - other.place).map(({ item }) => item)
}

/** Bytes that the value takes in a list as JSON in UTF-8, at most. */
function jsonBytes(value: unknown): number {
  const json = `${JSON.stringify(value)},`
  return json.length + 2 * json.replaceAll(/\p{ASCII}/gu, '').length
}

function cutStatement({ item, place }: Placed<StatementTrace>): Placed<StatementTrace> {
  const named = {
    ...item,
    ...(item.policy === undefined ? {} : { policy: cut(item.policy) }),
    ...(item.sid === undefined ? {} : { sid: cut(item.sid) }),
  }
  return {
    place,
    item: named.matched ? named : { ...named, mismatch: cutMismatch(named.mismatch) },
  }
}

function cutMismatch(mismatch: Mismatch): Mismatch {
  switch (mismatch.on) {
    case 'action':
      return { ...mismatch, patterns: cutList(mismatch.patterns) }
    case 'resource': {
      const { patterns, unsetVariables } = mismatch
      return { ...mismatch, patterns: cutList(patterns), unsetVariables: cutList(unsetVariables) }
    }
    case 'condition':
      return { ...mismatch, conditions: mismatch.conditions.slice(0, MOST_ITEMS).map(cutCondition) }
  }
}

function cutCondition(condition: ConditionMismatch): ConditionMismatch {
  const { key, values, unsetVariables } = condition
  return {
    ...condition,
    key: cut(key),
    values: cutList(values),
    unsetVariables: cutList(unsetVariables),
  }
}

function hasMoreConditions(entry: StatementTrace): boolean {
  if (entry.matched || entry.mismatch.on !== 'condition') return false
  return entry.mismatch.conditions.length > MOST_ITEMS
}

function cutList(texts: readonly string[]): readonly string[] {
  const kept = texts.slice(0, MOST_ITEMS).map(cut)
  return texts.length > MOST_ITEMS ? [...kept, '…'] : kept
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text
}
