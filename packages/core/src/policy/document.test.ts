// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text
import { describe, expect, test } from 'vitest'
import { countPolicyCharacters, judgePolicySize, parsePolicyDocument } from './document.ts'

const ALLOW = { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }
const DOCUMENT = { Version: '2012-10-17', Statement: [ALLOW] }

const parse = (json: unknown) => parsePolicyDocument(JSON.stringify(json), 'iot')
const parseStatement = (change: Readonly<Record<string, unknown>>) =>
  parse({ ...DOCUMENT, Statement: [{ ...ALLOW, ...change }] })

test('parses a document into its frozen form', () => {
  const parsed = parse({
    Version: '2012-10-17',
    Id: 'my id',
    Statement: [
      { ...ALLOW, Sid: 'First', Action: ['iot:*', 'iot:Conn?ct'] },
      {
        Effect: 'Deny',
        NotAction: '*',
        NotResource: ['arn:aws:iot:*:*:topic/${iot:ClientId}'],
        Condition: { Bool: { k: true }, StringLike: { l: '${x}*' } },
      },
    ],
  })
  const document = parsed.ok ? parsed.document : undefined
  expect(document).toMatchObject({
    dialect: 'iot',
    version: '2012-10-17',
    id: 'my id',
    statements: [
      {
        index: 0,
        sid: 'First',
        effect: 'Allow',
        actions: { negated: false, patterns: [{ source: 'iot:*' }, { source: 'iot:Conn?ct' }] },
        resources: { negated: false, patterns: [{ source: '*' }] },
        conditions: [],
      },
      {
        index: 1,
        effect: 'Deny',
        actions: { negated: true, patterns: [{ source: '*' }] },
        resources: { negated: true, patterns: [{ variables: ['iot:ClientId'] }] },
        conditions: [
          { operator: 'Bool', key: 'k', values: ['true'] },
          { operator: 'StringLike', key: 'l', values: ['${x}*'] },
        ],
      },
    ],
  })
  expect(unfrozenIn(document)).toEqual([])
})

/** Paths of what could still be changed. */
function unfrozenIn(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.entries(value).flatMap(([key, item]) => unfrozenIn(item, `${path}.${key}`))
  return Object.isFrozen(value) ? inside : [path, ...inside]
}

test('leaves out what the document leaves out', () => {
  const parsed = parse({ Statement: ALLOW })
  const document = parsed.ok ? parsed.document : undefined
  expect(document?.version).toBe('2008-10-17')
  expect(Object.keys(document ?? {})).toEqual(['dialect', 'version', 'statements'])
  expect(Object.keys(document?.statements[0] ?? {})).not.toContain('sid')
})

test.each([
  ['[]', 'a policy must be an object'],
  ['"x"', 'a policy must be an object'],
  ['{"Version":', 'not JSON: line 1, column 12: expected a JSON value'],
])('refuses the text %s', (text, problem) => {
  expect(parsePolicyDocument(text, 'iam')).toEqual({ ok: false, problem })
})

test.each([
  [{ ...DOCUMENT, Extra: 1 }, 'unknown element "Extra"'],
  [{ version: '2012-10-17', Statement: ALLOW }, 'unknown element "version"'],
  [{ ...DOCUMENT, Principal: '*' }, 'unknown element "Principal"'],
  [{ ...DOCUMENT, Version: '2024-01-01' }, 'Version must be "2012-10-17" or "2008-10-17"'],
  [{ ...DOCUMENT, Version: null }, 'Version must be "2012-10-17" or "2008-10-17"'],
  [{ ...DOCUMENT, Id: 1 }, 'Id must be a string'],
  [{ Version: '2012-10-17' }, 'a policy needs a Statement'],
  [{ ...DOCUMENT, Statement: [] }, 'a policy needs a Statement'],
  [{ ...DOCUMENT, Statement: null }, 'Statement[0]: must be an object'],
  [{ ...DOCUMENT, Statement: [ALLOW, 'x'] }, 'Statement[1]: must be an object'],
  [{ ...DOCUMENT, Statement: [[ALLOW]] }, 'Statement[0]: must be an object'],
])('refuses the document %j', (json, problem) => {
  expect(parse(json)).toEqual({ ok: false, problem })
})

test.each([
  [{ Sid: 1 }, 'Sid must be a string'],
  [{ Effect: 'allow' }, 'Effect must be "Allow" or "Deny"'],
  [{ Effect: undefined }, 'Effect must be "Allow" or "Deny"'],
  [{ Extra: 1 }, 'unknown element "Extra"'],
  [{ action: 'iot:*' }, 'unknown element "action"'],
  [{ Principal: '*' }, 'Principal has no place in a policy that is attached to its principal'],
  [
    { NotPrincipal: '*' },
    'NotPrincipal has no place in a policy that is attached to its principal',
  ],
  [{ Action: undefined }, 'needs either Action or NotAction'],
  [{ NotAction: 'iot:*' }, 'needs either Action or NotAction'],
  [{ Resource: undefined }, 'needs either Resource or NotResource'],
  [{ NotResource: '*' }, 'needs either Resource or NotResource'],
  [{ Action: [] }, 'Action is empty'],
  [{ Action: undefined, NotAction: [] }, 'NotAction is empty'],
  [{ Resource: [] }, 'Resource is empty'],
  [{ Resource: undefined, NotResource: [] }, 'NotResource is empty'],
  [{ Resource: null }, 'Resource: must be a string or a list of strings'],
  [{ Resource: ['*', 1] }, 'Resource: must be a string or a list of strings'],
  [{ Action: { a: 1 } }, 'Action: must be a string or a list of strings'],
  [{ Action: 'Connect' }, 'Action: "Connect" is not "service:name" or "*"'],
  [{ Action: ['iot:*', ''] }, 'Action: "" is not "service:name" or "*"'],
  [{ Action: '**' }, 'Action: "**" is not "service:name" or "*"'],
  [{ Action: 'iot:' }, 'Action: "iot:" is not "service:name" or "*"'],
  [{ Action: ':Connect' }, 'Action: ":Connect" is not "service:name" or "*"'],
  [{ Action: ' iot:Connect' }, 'Action: " iot:Connect" is not "service:name" or "*"'],
  [{ Action: 'iot:Connect ' }, 'Action: "iot:Connect " is not "service:name" or "*"'],
  [{ Action: '*x' }, 'Action: "*x" is not "service:name" or "*"'],
  [{ Action: 'iot:${a}' }, 'Action: "iot:${a}" is not "service:name" or "*"'],
  [
    { Action: undefined, NotAction: 'Connect' },
    'NotAction: "Connect" is not "service:name" or "*"',
  ],
  [{ Resource: '' }, 'Resource: a resource is empty'],
  [
    { Resource: 'arn:aws:iot:${aws:Region}:1:x' },
    'Resource: "arn:aws:iot:${aws:Region}:1:x" has a variable before the fifth colon',
  ],
  [{ Resource: '${x}' }, 'Resource: "${x}" has a variable before the fifth colon'],
  [
    { Resource: 'arn:aws:iot::${x}:y' },
    'Resource: "arn:aws:iot::${x}:y" has a variable before the fifth colon',
  ],
  [{ Resource: 'arn:aws:iot::1:${}' }, 'Resource: "arn:aws:iot::1:${}" has a malformed variable'],
  [{ Condition: { StringMatches: { k: 'a' } } }, 'unknown condition operator "StringMatches"'],
])('refuses the statement with %j', (change, problem) => {
  expect(parseStatement(change)).toEqual({ ok: false, problem: `Statement[0]: ${problem}` })
})

test('names the statement by place and Sid', () => {
  const bad = { ...ALLOW, Sid: 'Second', Effect: 'x' }
  expect(parse({ ...DOCUMENT, Statement: [ALLOW, bad] })).toEqual({
    ok: false,
    problem: 'Statement[1] (Sid "Second"): Effect must be "Allow" or "Deny"',
  })
})

test.each([
  { Action: '*' },
  { Action: '*:*' },
  { Action: 'execute-api:Invok?' },
  { Action: 'a4b:Get_It-2*' },
  { Action: undefined, NotAction: ['iot:*'] },
  { Resource: undefined, NotResource: '*' },
  { Resource: 'arn:aws:iot:us-east-1:1:topic/${iot:ClientId}' },
  { Resource: 'arn:aws:iot:us-east-1:1:${iot:ClientId}' },
  { Condition: {} },
  { Sid: '' },
])('accepts the statement with %j', (change) => {
  expect(parseStatement(change).ok).toBe(true)
})

test('takes ${…} anywhere as plain text under Version 2008-10-17', () => {
  const Statement = { ...ALLOW, Resource: ['${x}', 'arn:aws:iot:us-east-1:1:${}'] }
  expect(parse({ Version: '2008-10-17', Statement }).ok).toBe(true)
})

describe('the size of a policy', () => {
  test.each([
    ['', 0],
    [' \t\r\n', 0],
    ['{ "a b":\t1,\r\n\n"c" : 2 }', '{"a b":1,"c":2}'.length],
    ['"  "', 4],
    ['[ "a\\" b" , "c " ]', '["a\\" b","c "]'.length],
    ['[ "a\\\\" , "c " ]', '["a\\\\","c "]'.length],
    ['[ "a\\\\\\" b" , "c " ]', '["a\\\\\\" b","c "]'.length],
    ['"\t\n', 3],
    ['\\" "', '\\" "'.length],
    ['"😀"', 4],
    ['"\u00a0" \u00a0', 4],
  ])('counts %j as %i characters: white space outside of strings is left out', (text, count) => {
    expect(countPolicyCharacters(text)).toBe(count)
  })

  const sized = (spaces: string, length: number) => `${spaces}"${'x'.repeat(length - 2)}"`

  test.each([
    ['as large as may be', sized('', 2048), undefined],
    ['one over', sized('', 2049), '2049 characters without white space, at most 2048'],
    ['padded as much as may be', sized(' '.repeat(6144), 2048), undefined],
    ['padded by one more', sized(' '.repeat(6145), 2048), 'longer than 8192 characters'],
  ])('is judged with and without white space: %s', (_, text, problem) => {
    expect(judgePolicySize(text)).toBe(problem)
  })

  test('cannot be hidden in the white space of a pattern', () => {
    const Resource = `*${' *'.repeat(184_000)}`
    const hostile = JSON.stringify({ ...DOCUMENT, Statement: { ...ALLOW, Resource } })
    expect(countPolicyCharacters(hostile)).toBe(hostile.length)
    expect(judgePolicySize(hostile)).toBe('longer than 8192 characters')
  })
})
