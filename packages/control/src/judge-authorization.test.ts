// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text
import { parsePolicyName } from '@thingpass/core/names'
import { parsePolicyDocument } from '@thingpass/core/policy/document'
import { createRequestContext } from '@thingpass/core/policy/request-context'
import { isOutOfSteps, MOST_STEPS } from '@thingpass/core/policy/step-meter'
import { expect, test } from 'vitest'
import { createCallMeter, judgeAuthorization, type TestedPolicy } from './judge-authorization.ts'

const ACTION = 'iot:Publish'

function policy(name: string, statement: object): TestedPolicy {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statement })
  const parse = parsePolicyDocument(text, 'iot')
  if (!parse.ok) throw new Error(parse.problem)
  return { policyName: parsePolicyName(name)!, document: parse.document }
}

const allow = policy('allow', { Effect: 'Allow', Action: ACTION, Resource: 'topic-1' })
const deny = policy('deny', { Effect: 'Deny', Action: ACTION, Resource: 'topic-2' })
const other = policy('other', { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' })
const unreadable: TestedPolicy = { policyName: parsePolicyName('old')!, document: undefined }

const context = createRequestContext([])
const judge = (policies: readonly TestedPolicy[], ...resources: readonly string[]) =>
  judgeAuthorization(policies, { action: ACTION, resources, context }, createCallMeter())

test('what is allowed on every resource is allowed', () => {
  expect(judge([allow, other], 'topic-1')).toEqual({
    ...{ decision: 'allow', allowing: ['allow'], denying: [], silent: ['other'], missing: [] },
  })
})

test('what is allowed on one resource of two is not', () => {
  expect(judge([allow], 'topic-1', 'topic-3')).toMatchObject({
    ...{ decision: 'implicitDeny', allowing: ['allow'], silent: [] },
  })
})

test('a Deny on one resource denies all', () => {
  expect(judge([allow, deny], 'topic-1', 'topic-2')).toMatchObject({
    ...{ decision: 'explicitDeny', allowing: ['allow'], denying: ['deny'], silent: [] },
  })
})

test('nothing is allowed on no resource', () => {
  expect(judge([allow])).toMatchObject({ decision: 'implicitDeny' })
})

test('a policy that cannot be read denies, as on the data plane', () => {
  expect(judge([allow, unreadable], 'topic-1')).toMatchObject({
    ...{ decision: 'explicitDeny', allowing: ['allow'], denying: ['old'] },
  })
})

test('keys and variables that the request lacks are named once', () => {
  const needs = policy('needs', [
    { Effect: 'Allow', Action: ACTION, Resource: 'arn:aws:iot:*:*:topic/${iot:ClientId}' },
    {
      Effect: 'Allow',
      Action: ACTION,
      Resource: '*',
      Condition: {
        StringEquals: { 'iot:DomainName': '${iot:ClientId}' },
        IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
      },
    },
  ])
  const { missing } = judge([needs], 'topic-1')
  expect(missing.toSorted()).toEqual(['aws:SourceIp', 'iot:ClientId', 'iot:DomainName'])
})

const slow = policy('slow', [
  { Effect: 'Allow', Action: ACTION, Resource: '*' },
  { Effect: 'Deny', Action: ACTION, Resource: `*${'a'.repeat(500)}b` },
])
const long = 'a'.repeat(2048) // some 775,000 steps
const slowest = Array.from({ length: 2 }, () => slow)

test('a resource is judged with the bound of the data plane, whatever the call has left', () => {
  const call = createCallMeter()
  const test = { action: ACTION, resources: [long], context }
  expect(judgeAuthorization([slow], test, call).decision).toBe('allow')
  expect(judgeAuthorization(slowest, test, call).decision).toBe('explicitDeny')
  expect(isOutOfSteps(call)).toBe(false)
})

test('resources of one call share its steps, and none is judged with more than are left', () => {
  const call = createCallMeter()
  const most = call.left
  const asked = { action: ACTION, resources: ['topic-1', 'topic-2'], context }
  judgeAuthorization([allow], asked, call)
  const taken = most - call.left
  const exactly = { left: taken }
  expect(judgeAuthorization([allow, deny], { ...asked, resources: [] }, exactly)).toBeDefined()
  expect(exactly.left).toBe(taken)
  judgeAuthorization([allow], asked, exactly)
  expect(exactly.left).toBe(0)
  judgeAuthorization([allow], asked, exactly)
  expect(isOutOfSteps(exactly)).toBe(true)
  expect(exactly.left).toBeGreaterThan(-1000)
})

test('a call has the steps of ten decisions', () => {
  expect(createCallMeter()).toEqual({ left: 10 * MOST_STEPS })
})
