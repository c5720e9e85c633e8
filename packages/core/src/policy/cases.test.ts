import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parsePolicyDocument } from './document.ts'
import { evaluate, evaluateSession, type NamedPolicy, type PolicyResult } from './evaluate.ts'
import { type ContextValue, createRequestContext } from './request-context.ts'
import type { Dialect } from './template.ts'

type Row = {
  readonly id: string
  readonly name: string
  readonly dialect: 'both' | Dialect
  readonly advisory?: boolean
}
type DecisionRow = Row & {
  readonly policies: readonly object[]
  readonly sessionPolicies?: readonly object[]
  readonly request: {
    readonly action: string
    readonly resource: string
    readonly context: Readonly<Record<string, ContextValue>>
  }
  readonly expect: PolicyResult
  readonly maxMillis?: number
}
type DocumentRow = Row & { readonly document: string; readonly expect: 'valid' | 'invalid' }

function rowsOf<R extends Row>(file: string): readonly R[] {
  return JSON.parse(readFileSync(new URL(`../../cases/${file}`, import.meta.url), 'utf8'))
}

/** One test per row and dialect; advisory rows apart, because they do not gate. */
function inDialects<R extends Row>(rows: readonly R[]): readonly (R & { in: Dialect })[] {
  return rows.flatMap((row) =>
    row.dialect === 'both'
      ? [
          { ...row, in: 'iot' as const },
          { ...row, in: 'iam' as const },
        ]
      : [{ ...row, in: row.dialect }],
  )
}

function parsed(policies: readonly object[], dialect: Dialect): readonly NamedPolicy[] {
  return policies.map((policy) => {
    const parse = parsePolicyDocument(JSON.stringify(policy), dialect)
    if (!parse.ok) throw new Error(parse.problem)
    return { document: parse.document }
  })
}

function decide(row: DecisionRow, dialect: Dialect): PolicyResult {
  const policies = parsed(row.policies, dialect)
  const request = {
    ...row.request,
    context: createRequestContext(Object.entries(row.request.context)),
  }
  return row.sessionPolicies === undefined
    ? evaluate(policies, request).result
    : evaluateSession(policies, parsed(row.sessionPolicies, dialect), request).result
}

const decisions = inDialects(rowsOf<DecisionRow>('decisions.json'))
const documents = inDialects(rowsOf<DocumentRow>('documents.json'))

describe('decisions.json', () => {
  test.each(decisions.filter((row) => !row.advisory))('$id $in: $name', (row) => {
    const start = performance.now()
    expect(decide(row, row.in)).toBe(row.expect)
    expect(performance.now() - start).toBeLessThan(row.maxMillis ?? 250)
  })

  test('reports the advisory rows', () => {
    const report = decisions
      .filter((row) => row.advisory)
      .map((row) => ({
        id: row.id,
        name: row.name,
        expected: row.expect,
        got: decide(row, row.in),
      }))
    expect(report).toMatchInlineSnapshot(`
      [
        {
          "expected": "explicitDeny",
          "got": "explicitDeny",
          "id": "P449",
          "name": "NotResource deny with a missing variable still denies",
        },
        {
          "expected": "explicitDeny",
          "got": "explicitDeny",
          "id": "P449",
          "name": "NotResource deny with a missing variable still denies",
        },
        {
          "expected": "implicitDeny",
          "got": "implicitDeny",
          "id": "P450",
          "name": "empty-string variable value matches nothing",
        },
        {
          "expected": "implicitDeny",
          "got": "implicitDeny",
          "id": "P450",
          "name": "empty-string variable value matches nothing",
        },
        {
          "expected": "allow",
          "got": "allow",
          "id": "P453",
          "name": "Bool is case-insensitive",
        },
        {
          "expected": "allow",
          "got": "allow",
          "id": "P453",
          "name": "Bool is case-insensitive",
        },
      ]
    `)
  })
})

describe('documents.json', () => {
  test.each(documents)('$id $in: $name', (row) => {
    expect(parsePolicyDocument(row.document, row.in).ok).toBe(row.expect === 'valid')
  })
})
