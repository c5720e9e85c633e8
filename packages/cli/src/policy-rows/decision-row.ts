import { parsePolicyDocument } from '@thingpass/core/policy/document'
import {
  evaluate,
  evaluateSession,
  type NamedPolicy,
  type PolicyRequest,
} from '@thingpass/core/policy/evaluate'
import type { JsonObject } from '@thingpass/core/policy/json'
import { contextAt, jsonText, malformed, objectAt, objectsAt, textAt } from './row-fields.ts'
import { failed, PASSED, type RowResult } from './row-result.ts'

type Dialect = Parameters<typeof parsePolicyDocument>[1]

/**
 * Runs a decision row: `policies` (and `sessionPolicies`) decide `request` as `expect` says. A row of dialect `iot` follows AWS
 * IoT's rules on certificate values, `iam` does not, `both` (the default) must hold in each.
 * @throws {Error} when the row is not written as the format asks
 */
export function runDecisionRow(row: JsonObject): RowResult {
  const expected = textAt(row, 'expect')
  const request = requestOf(objectAt(row, 'request'))
  for (const dialect of dialectsOf(row)) {
    const got = decisionOf(row, request, dialect)
    if (got !== expected) return failed(expected, `${got} (as ${dialect} policy)`)
  }
  return PASSED
}

function dialectsOf(row: JsonObject): readonly Dialect[] {
  const dialect = row.get('dialect') ?? 'both'
  if (dialect === 'both') return ['iot', 'iam']
  if (dialect === 'iot' || dialect === 'iam') return [dialect]
  throw malformed('dialect must be iot, iam or both')
}

/** The request of a row, or of a probe. */
export function requestOf(request: JsonObject): PolicyRequest {
  return {
    action: textAt(request, 'action'),
    resource: textAt(request, 'resource'),
    context: contextAt(request, 'context'),
  }
}

function decisionOf(row: JsonObject, request: PolicyRequest, dialect: Dialect): string {
  const policies = policiesAt(row, 'policies', dialect)
  if (!row.has('sessionPolicies')) return evaluate(policies, request).result
  const session = policiesAt(row, 'sessionPolicies', dialect)
  return evaluateSession(policies, session, request).result
}

function policiesAt(row: JsonObject, name: string, dialect: Dialect): readonly NamedPolicy[] {
  return objectsAt(row, name).map((document, index) => {
    const parsed = parsePolicyDocument(jsonText(document), dialect)
    if (parsed.ok) return { document: parsed.document }
    throw malformed(`${name} ${index}: ${parsed.problem}`)
  })
}
