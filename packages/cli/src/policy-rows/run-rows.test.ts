import { describe, expect, test } from 'vitest'
import { runRows } from './run-rows.ts'

const allow = (resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: resource }],
})
const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/cam-1/x', context: {} }
const decision = {
  id: 'D1',
  name: 'own prefix',
  policies: [allow('arn:aws:s3:::b/cam-1/*')],
  request,
  expect: 'allow',
}
const placeholder = `\${credentials-iot:ThingName}`
const rendering = {
  id: 'R1',
  name: 'prefix of the thing',
  template: allow(`arn:aws:s3:::b/${placeholder}/*`),
  variables: { 'credentials-iot:ThingName': 'cam-1' },
  expect: { policy: allow('arn:aws:s3:::b/cam-1/*') },
  probes: [{ ...request, expect: 'allow' }],
}

const run = (...rows: unknown[]) => {
  const ran = runRows(JSON.stringify(rows))
  return ran.ok ? ran.results.map(({ result }) => result) : ran.problem
}

test('a row that holds passes, under its id and name', () => {
  expect(runRows(JSON.stringify([decision, rendering]))).toEqual({
    ok: true,
    results: [
      { name: 'D1 own prefix', advisory: false, result: { passed: true } },
      { name: 'R1 prefix of the thing', advisory: false, result: { passed: true } },
    ],
  })
})

describe('a decision row', () => {
  test('fails with what was decided instead', () => {
    expect(run({ ...decision, expect: 'explicitDeny' })).toEqual([
      { passed: false, expected: 'explicitDeny', got: 'allow (as iot policy)' },
    ])
  })

  test('takes session policies into account, which can only take away', () => {
    const narrowed = { ...decision, sessionPolicies: [allow('arn:aws:s3:::b/cam-2/*')] }
    expect(run(narrowed)).toMatchObject([{ passed: false, got: 'implicitDeny (as iot policy)' }])
    expect(run({ ...narrowed, expect: 'implicitDeny' })).toEqual([{ passed: true }])
  })

  test('of dialect both must hold in each', () => {
    const text = `\${iot:Certificate.Subject.CommonName}`
    const row = {
      ...decision,
      policies: [allow(`arn:aws:s3:::b/${text}/x`)],
      request: {
        ...request,
        resource: 'arn:aws:s3:::b/a+b/x',
        context: { 'iot:Certificate.Subject.CommonName': 'a+b' },
      },
    }
    expect(run({ ...row, dialect: 'iam', expect: 'allow' })).toEqual([{ passed: true }])
    expect(run({ ...row, dialect: 'iot', expect: 'implicitDeny' })).toEqual([{ passed: true }])
    expect(run({ ...row, expect: 'implicitDeny' })).toMatchObject([
      { got: 'allow (as iam policy)' },
    ])
  })
})

describe('a rendering row', () => {
  test('fails with what was rendered instead', () => {
    const [result] = run({ ...rendering, expect: { policy: allow('arn:aws:s3:::b/cam-2/*') } })
    expect(result).toMatchObject({ passed: false, got: expect.stringContaining('b/cam-1/*') })
  })

  test('may expect an error kind', () => {
    const missing = { ...rendering, variables: {}, probes: [] }
    expect(run({ ...missing, expect: { error: 'emptyPolicy' } })).toEqual([{ passed: true }])
    expect(run({ ...missing, expect: { error: 'unsafeValue' } })).toMatchObject([
      { passed: false, got: '{"error":"emptyPolicy"}' },
    ])
  })

  test('may accept several outcomes', () => {
    const alsoAcceptable = [rendering.expect]
    expect(run({ ...rendering, expect: { error: 'unsafeValue' }, alsoAcceptable })).toEqual([
      { passed: true },
    ])
  })

  test('takes lists of one, Sid and the order of keys for no difference', () => {
    const other = {
      Statement: {
        Sid: 'x',
        Resource: ['arn:aws:s3:::b/cam-1/*'],
        Action: ['s3:GetObject'],
        Effect: 'Allow',
      },
      Version: '2012-10-17',
    }
    expect(run({ ...rendering, expect: { policy: other } })).toEqual([{ passed: true }])
  })

  test('fails when a probe does not hold', () => {
    const probes = [{ ...request, resource: 'arn:aws:s3:::b/cam-2/x', expect: 'allow' }]
    expect(run({ ...rendering, probes })).toMatchObject([
      { passed: false, expected: 'allow for s3:GetObject on arn:aws:s3:::b/cam-2/x' },
    ])
  })

  test('may give its template as text, in which duplicate keys survive', () => {
    const template = '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}'
    expect(run({ ...rendering, template, expect: { error: 'invalidTemplate' } })).toEqual([
      { passed: true },
    ])
  })
})

test('an advisory row is marked', () => {
  const ran = runRows(JSON.stringify([{ ...decision, advisory: true }]))
  expect(ran).toMatchObject({ results: [{ advisory: true }] })
})

describe('a row that is not written as the format asks fails, and the others run', () => {
  test.each([
    ['no object', 7],
    ['expect must be a text', { ...decision, expect: undefined }],
    ['request must be an object', { ...decision, request: undefined }],
    ['action must be a text', { ...decision, request: { ...request, action: undefined } }],
    ['context must be an object', { ...decision, request: { ...request, context: undefined } }],
    ['policies must be a list of objects', { ...decision, policies: 'x' }],
    ['policies 0: ', { ...decision, policies: [{ Version: '2012-10-17' }] }],
    ['dialect must be iot, iam or both', { ...decision, dialect: 'xml' }],
    [
      'k must be a text or a list of texts',
      { ...decision, request: { ...request, context: { k: 1 } } },
    ],
    ['variables must be an object', { ...rendering, variables: [] }],
  ])('%s', (problem, row) => {
    const [bad, good] = run(row, decision)
    expect(bad).toMatchObject({ passed: false, got: expect.stringContaining(problem) })
    expect(good).toEqual({ passed: true })
  })
})

test.each([
  ['no JSON', '{'],
  ['no array', '{}'],
  ['no row', '[]'],
])('a file with %s is refused', (_, text) => {
  expect(runRows(text)).toMatchObject({ ok: false, problem: expect.any(String) })
})
