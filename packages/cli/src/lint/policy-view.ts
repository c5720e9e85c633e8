import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@thingpass/core/policy/json'

/** One statement of a valid policy document, its lists flattened. */
export type StatementView = {
  /** How findings call it: its place from 0, and its Sid where it has one. */
  readonly place: string
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  readonly conditions: readonly ConditionView[]
}

/** One operator and key of a statement's condition. */
export type ConditionView = {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

/** The statements of a document that `parsePolicyDocument` has found valid. */
export function statementsOf(document: JsonObject): readonly StatementView[] {
  return listOf(document.get('Statement')).flatMap((statement, index) =>
    isJsonObject(statement) ? [viewOf(statement, index)] : [],
  )
}

function viewOf(statement: JsonObject, index: number): StatementView {
  const sid = statement.get('Sid')
  return {
    place: typeof sid === 'string' ? `statement ${index} (${sid})` : `statement ${index}`,
    effect: statement.get('Effect') === 'Deny' ? 'Deny' : 'Allow',
    actions: textsOf(statement.get('Action')),
    notActions: textsOf(statement.get('NotAction')),
    resources: textsOf(statement.get('Resource')),
    notResources: textsOf(statement.get('NotResource')),
    conditions: conditionsOf(statement.get('Condition')),
  }
}

function conditionsOf(condition: JsonValue | undefined): readonly ConditionView[] {
  if (!isJsonObject(condition)) return []
  return [...condition].flatMap(([operator, keys]) =>
    isJsonObject(keys)
      ? [...keys].map(([key, values]) => ({ operator, key, values: textsOf(values) }))
      : [],
  )
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return listOf(value).map(String)
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return []
  return isJsonArray(value) ? value : [value]
}
