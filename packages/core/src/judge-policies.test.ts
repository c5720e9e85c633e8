import { expect, test } from 'vitest'
import {
  ALIAS,
  ALLOW,
  circumstances,
  DENY,
  facts,
  GROUP,
  policy,
} from '../testing/decision-example.ts'
import type { AttachedPolicy } from './facts.ts'
import { judgePolicies, judgeRoleAlias } from './judge-policies.ts'
import { createRequestContext } from './policy/request-context.ts'
import type { PolicyRefusal } from './refusal.ts'

const context = createRequestContext([])
const thing = facts.thing.record
const unreadable = { ...policy(ALLOW), document: undefined }
const ask = (policies: readonly AttachedPolicy[], named: typeof thing | undefined = thing) =>
  judgeRoleAlias({ policies, thing: named, context }, circumstances.deployment, ALIAS)

// A refusal without a row does not compile.
const refusals: Record<PolicyRefusal, readonly AttachedPolicy[]> = {
  'policy-unreadable': [policy(ALLOW), unreadable],
  'policy-denies': [policy(ALLOW), policy(DENY)],
  'policy-does-not-allow': [policy({ ...ALLOW, Resource: 'arn:aws:iot:*:*:rolealias/other' })],
}

test.each(Object.entries(refusals))('refuses with %s', (reason, policies) => {
  expect(ask(policies).refusal).toBe(reason)
})

test('an Allow permits, and the evaluation is handed on', () => {
  expect(ask([policy(ALLOW)])).toMatchObject({
    refusal: undefined,
    applied: [{ policyName: 'devices' }],
    evaluation: { result: 'allow' },
  })
})

test.each([
  ['counts with a thing', thing, undefined],
  ['does not count without one', undefined, 'policy-does-not-allow'],
])('a policy of a thing group %s', (_, named, refusal) => {
  const judgement = judgePolicies(
    { policies: [policy(ALLOW, GROUP)], thing: named, context },
    ALLOW.Action,
    ALLOW.Resource,
  )
  expect(judgement.refusal).toBe(refusal)
})

test('another action or resource is not what was asked', () => {
  const question = { policies: [policy(ALLOW)], thing, context }
  const judged = (action: string, resource: string) =>
    judgePolicies(question, action, resource).refusal
  expect(judged('execute-api:Invoke', ALLOW.Resource)).toBe('policy-does-not-allow')
  expect(judged(ALLOW.Action, `${ALLOW.Resource}-2`)).toBe('policy-does-not-allow')
  expect(judged(ALLOW.Action, ALLOW.Resource)).toBeUndefined()
})
