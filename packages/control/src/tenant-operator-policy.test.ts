import { parseTenantId } from '@thingpass/core/names'
import { parsePolicyDocument } from '@thingpass/core/policy/document'
import { evaluate } from '@thingpass/core/policy/evaluate'
import { createRequestContext } from '@thingpass/core/policy/request-context'
import { expect, test } from 'vitest'
import { type ControlApi, tenantOperatorPolicy } from './tenant-operator-policy.ts'

const api: ControlApi = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '123456789012',
  apiId: 'a1b2c3',
  stage: 'live',
}
const STAGE = 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3/live'

function resultOf(tenant: string, request: string, stage = STAGE) {
  const text = JSON.stringify(tenantOperatorPolicy(parseTenantId(tenant)!, api))
  const parsed = parsePolicyDocument(text, 'iam')
  if (!parsed.ok) throw new Error('the policy is well formed')
  return evaluate([{ document: parsed.document }], {
    action: 'execute-api:Invoke',
    resource: `${stage}/${request}`,
    context: createRequestContext([]),
  }).result
}

test.each([
  ['acme', 'GET/t/acme/things'],
  ['acme', 'PATCH/t/acme/things/lamp'],
  ['acme', 'DELETE/t/acme/thingpass/role-aliases/a/session-profile'],
  ['default', 'POST/things/lamp'],
  ['default', 'GET/things/t/principals'],
  ['default', 'PUT/thingpass/role-aliases/a/session-profile'],
])('operators of %s may call %s', (tenant, request) => {
  expect(resultOf(tenant, request)).toBe('allow')
})

test.each([
  ['acme', 'GET/things', 'implicitDeny'],
  ['acme', 'GET/t/beta/things', 'implicitDeny'],
  ['acme', 'GET/t/acme', 'implicitDeny'],
  ['acme', 'GET/t/acme2/things', 'implicitDeny'],
  ['acme', 'GET/t/beta/t/acme/things', 'implicitDeny'],
  ['acme', 'GET/policies/t/acme/x', 'implicitDeny'],
  ['acme', 'POST/thingpass/tenants', 'implicitDeny'],
  ['acme', 'POST/thingpass/tenants/acme/cacertificate', 'implicitDeny'],
  ['default', 'GET/t/acme/things', 'explicitDeny'],
  ['default', 'GET/t/', 'explicitDeny'],
  ['default', 'POST/thingpass/tenants', 'explicitDeny'],
  ['default', 'DELETE/thingpass/tenants/acme', 'explicitDeny'],
  ['default', 'POST/thingpass/tenants/default/cacertificate', 'explicitDeny'],
])('operators of %s may not call %s', (tenant, request, result) => {
  expect(resultOf(tenant, request)).toBe(result)
})

test.each([
  ['another stage', STAGE.replace('live', 'test')],
  ['another API', STAGE.replace('a1b2c3', 'a1b2c4')],
  ['another account', STAGE.replace('123456789012', '210987654321')],
])('%s is not theirs', (_, stage) => {
  expect(resultOf('acme', 'GET/t/acme/things', stage)).toBe('implicitDeny')
})
