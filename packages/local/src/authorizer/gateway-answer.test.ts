import type { PolicyAnswer } from '@thingpass/functions/authorizer/authorizer-answer'
import { describe, expect, test } from 'vitest'
import {
  passageOfFailure,
  passageOfPolicy,
  passageOfRestPolicy,
  passageOfSimple,
} from './gateway-answer.ts'

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:local/$default/GET/readings/cam-1'
const context = { tenantId: 'acme' }
const PASSES = { passes: true, context }
const stopped = (statusCode: number, body: object) => ({
  passes: false,
  answer: { statusCode, body: JSON.stringify(body) },
})
const FORBIDDEN = stopped(403, { message: 'Forbidden' })

function policyOf(...statements: (readonly ['Allow' | 'Deny', string])[]): PolicyAnswer {
  const Statement = statements.map(([Effect, Resource]) => ({
    ...{ Effect, Resource },
    Action: 'execute-api:Invoke',
  }))
  const policyDocument = { Version: '2012-10-17', Statement }
  return { principalId: 'x', context, policyDocument } as unknown as PolicyAnswer
}

test('a simple answer lets in with its context', () => {
  expect(passageOfSimple({ isAuthorized: true, context })).toEqual(PASSES)
})

test.each([
  ['no', { isAuthorized: false }],
  ['the text "false"', { isAuthorized: 'false', context }],
  ['a text', { isAuthorized: 'true', context }],
])('a simple answer of %s lets nobody in', (_, answer) => {
  expect(passageOfSimple(answer as never)).toEqual(FORBIDDEN)
})

const decided: [string, PolicyAnswer, 'Allow' | 'Deny' | undefined][] = [
  ['allows it', policyOf(['Allow', ARN]), 'Allow'],
  ['allows it by a pattern', policyOf(['Allow', ARN.replace('cam-1', '*')]), 'Allow'],
  ['denies it', policyOf(['Deny', ARN]), 'Deny'],
  ['allows and denies it', policyOf(['Allow', ARN], ['Deny', ARN]), 'Deny'],
  ['T26: allows another route', policyOf(['Allow', ARN.replace('cam-1', 'cam-2')]), undefined],
  ['says nothing', policyOf(), undefined],
]
describe.each(decided)('a policy that %s', (_, answer, verdict) => {
  test('is held against the ARN by an HTTP API', () => {
    expect(passageOfPolicy(answer, ARN)).toEqual(verdict === 'Allow' ? PASSES : FORBIDDEN)
  })

  test('is held against the ARN by a REST API, which says what it was', () => {
    const Message = 'User is not authorized to access this resource'
    const explicit = stopped(403, { Message: `${Message} with an explicit deny` })
    const expected = { Allow: PASSES, Deny: explicit, none: stopped(403, { Message }) }
    expect(passageOfRestPolicy(answer, ARN)).toEqual(expected[verdict ?? 'none'])
  })
})

test.each([
  ['a failure', new Error('broken'), 500, 'Internal Server Error'],
  ['no error at all', 'Unauthorized', 500, 'Internal Server Error'],
  ['the error of that text', new Error('Unauthorized'), 401, 'Unauthorized'],
])('%s of the authorizer lets nobody in', (_, thrown, status, message) => {
  expect(passageOfFailure(thrown, 'Internal Server Error')).toEqual(stopped(status, { message }))
})
