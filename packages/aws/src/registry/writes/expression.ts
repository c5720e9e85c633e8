import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Item } from '../attributes.ts'
import { number, text } from '../attributes.ts'
import type { ItemKey } from '../keys.ts'

/** What must hold of an item for a transaction to go through; all of it. */
export type Condition = {
  /** There is no item. */
  readonly missing?: true
  /** Attributes that are as they were read. */
  readonly equal?: Item
  readonly absent?: readonly string[]
  /** Number attributes that are below a limit. */
  readonly below?: Readonly<Record<string, number>>
}

/** The condition that an item is, attribute by attribute, as it was read; `optional` names those it might have had. */
export const unchanged = (item: Item, optional: readonly string[]): Condition => ({
  equal: item,
  absent: optional.filter((attribute) => !Object.hasOwn(item, attribute)),
})

/** What an update does to an item. */
export type Change = {
  readonly set?: Item
  readonly remove?: readonly string[]
  readonly add?: Readonly<Record<string, number>>
}

/** The writes of one table, as parts of a transaction. Every condition but `missing` also demands that the item is there. */
export type TableWrites = {
  readonly put: (item: Item, condition?: Condition) => TransactWriteItem
  readonly update: (key: ItemKey, change: Change, condition: Condition) => TransactWriteItem
  readonly remove: (key: ItemKey, condition: Condition) => TransactWriteItem
  /** Removes the item if there is one. */
  readonly drop: (key: ItemKey) => TransactWriteItem
  readonly check: (key: ItemKey, condition: Condition) => TransactWriteItem
}

/** Makes the writes of a table. */
export function tableWrites(tableName: string): TableWrites {
  const at = ({ pk, sk }: ItemKey) => ({
    TableName: tableName,
    Key: { pk: text(pk), sk: text(sk) },
  })
  return {
    put: (item, condition) => ({
      Put: { TableName: tableName, Item: item, ...(condition && demand(condition).expression) },
    }),
    update: (key, change, condition) => ({
      Update: { ...at(key), ...updating(change, condition) },
    }),
    remove: (key, condition) => ({ Delete: { ...at(key), ...demand(condition).expression } }),
    drop: (key) => ({ Delete: at(key) }),
    check: (key, condition) => ({
      ConditionCheck: { ...at(key), ...demand(condition).expression },
    }),
  }
}

/** Names and values of an expression, collected while its text is made: every name is a placeholder, none can be reserved. */
function placeholders() {
  const names: Record<string, string> = {}
  const values: Item = {}
  return {
    names,
    values,
    name: (attribute: string): string => {
      names[`#${attribute}`] = attribute
      return `#${attribute}`
    },
    value: (use: string, attribute: string, value: Item[string]): string => {
      values[`:${use}_${attribute}`] = value
      return `:${use}_${attribute}`
    },
  }
}

type Placeholders = ReturnType<typeof placeholders>

const used = ({ names, values }: Placeholders) => ({
  ExpressionAttributeNames: names,
  ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
})

function conditionText(condition: Condition, use: Placeholders): string {
  const { missing, equal = {}, absent = [], below = {} } = condition
  if (missing) return `attribute_not_exists(${use.name('pk')})`
  return [
    `attribute_exists(${use.name('pk')})`,
    ...Object.entries(equal).map(
      ([attribute, value]) => `${use.name(attribute)} = ${use.value('is', attribute, value)}`,
    ),
    ...absent.map((attribute) => `attribute_not_exists(${use.name(attribute)})`),
    ...Object.entries(below).map(
      ([attribute, limit]) =>
        `${use.name(attribute)} < ${use.value('below', attribute, number(limit))}`,
    ),
  ].join(' AND ')
}

function demand(condition: Condition) {
  const use = placeholders()
  const ConditionExpression = conditionText(condition, use)
  return { expression: { ConditionExpression, ...used(use) } }
}

function updating({ set = {}, remove = [], add = {} }: Change, condition: Condition) {
  const use = placeholders()
  const clauses = [
    clause(
      'SET',
      Object.entries(set),
      ([attribute, value]) => `${use.name(attribute)} = ${use.value('set', attribute, value)}`,
    ),
    clause('REMOVE', remove, (attribute) => use.name(attribute)),
    clause(
      'ADD',
      Object.entries(add),
      ([attribute, by]) => `${use.name(attribute)} ${use.value('add', attribute, number(by))}`,
    ),
  ]
  return {
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ConditionExpression: conditionText(condition, use),
    ...used(use),
  }
}

const clause = <Part>(
  verb: string,
  parts: readonly Part[],
  write: (part: Part) => string,
): string => (parts.length > 0 ? `${verb} ${parts.map(write).join(', ')}` : '')
