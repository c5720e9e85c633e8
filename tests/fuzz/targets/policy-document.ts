import { ok, strictEqual } from 'node:assert'
import { parsePolicyDocument } from '@thingpass/core/policy/document'
import { evaluate } from '@thingpass/core/policy/evaluate'
import { parseJson } from '@thingpass/core/policy/json'
import { createRequestContext } from '@thingpass/core/policy/request-context'
import {
  type ReferenceContext,
  type ReferencePolicy,
  referenceDecide,
} from '@thingpass/core/testing/reference-evaluator'
import { exampleCases } from '../example-cases.ts'
import { type FuzzTarget, textOfInput } from '../fuzz-target.ts'

/** Condition keys of every family, some with several values, some spelled in two ways. */
const CONTEXTS: readonly ReferenceContext[] = [
  {},
  {
    ...{ 'app:s': 'a', 'app:t': 'b*', 'app:n': '10', 'app:d': '2020-01-01T00:00:00Z' },
    ...{ 'app:b': 'true', 'app:bin': 'QQ==', 'app:ip': '10.0.0.1', 'app:arn': 'arn:aws:s3:::a' },
    ...{ 'aws:SourceIp': '192.0.2.7', 'aws:CurrentTime': '2026-06-01T12:00:00Z' },
    ...{ 'iot:Certificate.Subject.CommonName': 'cam-1', 'iot:Connection.Thing.ThingName': 'cam-1' },
  },
  {
    ...{ 'app:s': ['a', 'b'], 'APP:S': 'A', 'app:n': ['1', 'x'], 'app:ip': ['::1', 'no'] },
    ...{ 'iot:Certificate.Subject.CommonName': '*', 'iot:Connection.Thing.ThingName': '${x}' },
  },
]
/** Most actions and most resources that one document is asked about. */
const MOST_ASKED = 3
/** Longest resource that is asked about: what the reference takes grows with its square. */
const LONGEST_ASKED = 256

/** Policy documents: no text throws, and what parses decides as the reference evaluator does. */
export const POLICY_DOCUMENT: FuzzTarget = {
  name: 'policy-document',
  format: 'json',
  seeds: () => [
    ...exampleCases('documents').map(({ document }) => String(document)),
    ...exampleCases('decisions').flatMap(({ policies }) =>
      (policies as readonly object[]).map((policy) => JSON.stringify(policy)),
    ),
  ],
  dictionary: [
    ...['StringEquals', 'StringNotLike', 'ForAllValues:StringLike', 'ForAnyValue:StringEquals'],
    ...['StringEqualsIgnoreCaseIfExists', 'NumericLessThan', 'DateGreaterThanEquals', 'Null'],
    ...['BinaryEquals', 'ArnLike', 'ArnNotEquals', 'NotIpAddress', 'Bool', 'NotAction'],
    ...['NotResource', 'app:s', 'App:S', 'app:n', 'app:d', 'app:b', 'app:bin', 'app:ip', 'app:arn'],
    ...[
      '${app:s}',
      "${app:t, 'a'}",
      '${*}',
      '${$}',
      '${',
      '10.0.0.0/8',
      '2012-10-17',
      '2008-10-17',
    ],
    ...['2020-01-01', '1e1', 'QQ==', 'arn:aws:s3:::a', 'Deny', 'Allow', '\u017f', '\u212a'],
  ],
  run: (input) => {
    const text = textOfInput(input)
    checkJson(text)
    for (const dialect of ['iot', 'iam'] as const) checkDialect(text, dialect)
  },
}

/** What the strict reader takes, JSON's own takes too. */
function checkJson(text: string): void {
  const strict = parseJson(text)
  if (strict.ok) JSON.parse(text)
  else ok(strict.problem !== '')
}

function checkDialect(text: string, dialect: 'iot' | 'iam'): void {
  const parse = parsePolicyDocument(text, dialect)
  if (!parse.ok) {
    ok(parse.problem !== '')
    return
  }
  const policy = JSON.parse(text) as ReferencePolicy
  for (const request of requestsOf(policy)) {
    const context = createRequestContext(Object.entries(request.context))
    const { result, outOfSteps } = evaluate([{ document: parse.document }], { ...request, context })
    const reference = referenceDecide({ dialect, policies: [policy], request })
    strictEqual(result, outOfSteps ? 'explicitDeny' : reference, JSON.stringify(request))
  }
}

/** What the document itself is about, with something in place of wildcards, and what it is not. */
function requestsOf({ Statement }: ReferencePolicy) {
  const statements = [Statement].flat()
  const actions = statements.flatMap(({ Action, NotAction }) => [Action ?? NotAction ?? []].flat())
  const resources = statements.flatMap(({ Resource, NotResource }) =>
    [Resource ?? NotResource ?? []].flat(),
  )
  return asked(actions, 's3:GetObject').flatMap((action) =>
    asked(resources, 'arn:aws:s3:::other/a').flatMap((resource) =>
      CONTEXTS.map((context) => ({ action, resource, context })),
    ),
  )
}

function asked(patterns: readonly (string | undefined)[], other: string): readonly string[] {
  const texts = patterns
    .filter((pattern) => pattern !== undefined)
    .map((pattern) =>
      pattern
        .replaceAll(/\$\{[^}]*\}/gu, 'a')
        .replaceAll('*', 'ab')
        .replaceAll('?', 'c')
        .slice(0, LONGEST_ASKED),
    )
  return [...new Set([...texts.slice(0, MOST_ASKED), other])]
}
