import type { Finding, LintRule } from './finding.ts'
import { mayOverlap } from './overlap.ts'
import { mayBeUnset, piecesOf, variablesOf } from './pattern-pieces.ts'
import type { ConditionView, StatementView } from './policy-view.ts'

/** Looks at one statement; a message for each finding. */
type StatementRule = (statement: StatementView) => readonly string[]

const ASSUME = 'iot:assumerolewithcertificate'
const SUBSCRIBE = 'iot:subscribe'
const THING_KEY = /^(?:iot:connection\.thing\.|credentials-iot:thing)/i

const STATEMENT_RULES: Partial<Record<LintRule, StatementRule>> = {
  'allows-everything': allowsEverything,
  'deny-with-unset-variable': denyWithUnsetVariable,
  'deny-escaped-without-thing': denyEscapedWithoutThing,
  'deny-walked-around-by-filter': denyWalkedAroundByFilter,
  'wildcard-before-variable': wildcardBeforeVariable,
  'exception-with-variable': exceptionWithVariable,
  'all-values-of-nothing': allValuesOfNothing,
}

/** Applies the rules that look at one statement at a time. */
export function lintStatement(statement: StatementView): readonly Finding[] {
  return Object.entries(STATEMENT_RULES).flatMap(([rule, find]) =>
    find(statement).map((message) => ({
      rule: rule as LintRule,
      place: statement.place,
      message,
    })),
  )
}

function covers(statement: StatementView, action: string): boolean {
  const matches = (pattern: string) => mayOverlap(pattern.toLowerCase(), action)
  return statement.notActions.length > 0
    ? !statement.notActions.some(matches)
    : statement.actions.some(matches)
}

function isNegated({ operator }: ConditionView): boolean {
  return /Not/.test(operator)
}

/** A condition narrows it; what an exception leaves is for `exception-with-variable` to look at. */
function allowsEverything({ effect, actions, resources, conditions }: StatementView) {
  const everything = actions.includes('*') && resources.includes('*') && conditions.length === 0
  return effect === 'Allow' && everything
    ? ['it allows every action on everything, of every device alike; name what the device needs']
    : []
}

function denyWithUnsetVariable({ effect, resources, conditions }: StatementView) {
  if (effect !== 'Deny') return []
  const held = conditions.filter((condition) => !isNegated(condition))
  const texts = [...resources, ...held.flatMap(({ values }) => values)]
  const names = new Set(texts.flatMap(variablesOf).filter(mayBeUnset))
  return [...names].map(
    (name) => `where ${name} is not set this Deny is lost; give it a default, or deny without it`,
  )
}

function denyEscapedWithoutThing(statement: StatementView) {
  if (statement.effect !== 'Deny' || !covers(statement, ASSUME)) return []
  const advice = 'set requireThingName on the role aliases it guards'
  const keys = statement.conditions.filter((held) => THING_KEY.test(held.key) && !isNegated(held))
  return keys.length > 0
    ? [
        `a device escapes by leaving the thing header out, as ${keys[0]?.key} is then missing; ${advice}`,
      ]
    : [`attached to a thing group, a device escapes by leaving the thing header out; ${advice}`]
}

function denyWalkedAroundByFilter(statement: StatementView) {
  if (statement.effect !== 'Deny' || !covers(statement, SUBSCRIBE)) return []
  return statement.resources
    .filter((resource) => /:topicfilter\/[^*]/.test(resource))
    .map(
      (resource) =>
        `a subscription to a wider filter, such as a/#, is not stopped by ${resource}; allow the filters that are meant instead`,
    )
}

function wildcardBeforeVariable({ effect, resources }: StatementView) {
  if (effect !== 'Allow') return []
  return resources.flatMap((resource) => {
    const pieces = piecesOf(resource.split(':').slice(5).join(':'))
    const wildcard = pieces.findIndex(({ kind }) => kind === 'wildcard')
    const after = wildcard < 0 ? [] : pieces.slice(wildcard)
    return after.some(({ kind }) => kind === 'variable')
      ? [
          `in ${resource} the wildcard before the variable matches what others own; put the variable first`,
        ]
      : []
  })
}

function exceptionWithVariable({ effect, notResources }: StatementView) {
  const names = notResources.flatMap(variablesOf)
  if (effect !== 'Allow' || names.length === 0) return []
  return [
    `where ${names.join(', ')} is not set this Allow matches nothing; name resources instead of exceptions`,
  ]
}

function allValuesOfNothing({ effect, conditions }: StatementView) {
  if (effect !== 'Allow') return []
  const checked = new Set(
    conditions.filter(({ operator }) => operator === 'Null').map(({ key }) => key.toLowerCase()),
  )
  return conditions
    .filter(
      ({ operator, key }) =>
        operator.startsWith('ForAllValues:') && !checked.has(key.toLowerCase()),
    )
    .map(({ key }) => `ForAllValues is met when ${key} is missing; add "Null": {"${key}": "false"}`)
}
