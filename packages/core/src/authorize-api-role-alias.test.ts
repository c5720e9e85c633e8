import { expect, test } from 'vitest'
import {
  ALIAS,
  ALLOW,
  certificate,
  circumstances,
  DENY,
  facts,
  GROUP,
  given,
  policy,
  THING,
} from '../testing/decision-example.ts'
import type { ApiFacts, ApiRequest } from './authorize-api.ts'
import { mayAssumeRoleAlias } from './authorize-api-role-alias.ts'
import { parseRoleAlias } from './names.ts'

const request: Omit<ApiRequest, 'route'> = {
  certificate,
  thingHeader: { kind: 'named', thingName: THING },
  hostName: 'devices.example.com',
  sourceIp: '192.0.2.7',
}
const ask = (changed: Partial<ApiFacts>, asked: Partial<typeof request> = {}, alias = ALIAS) =>
  mayAssumeRoleAlias(
    { ...request, ...asked },
    { ...facts, ...changed },
    { ...circumstances, roleAlias: alias },
  )
const ofTheType = {
  ...ALLOW,
  Resource: ALLOW.Resource.replace('camera', `\${iot:Connection.Thing.ThingTypeName}`),
}

test.each([
  ['a device whose policies allow it', true, {}],
  ['one that is allowed by its thing', true, { policies: [policy(ofTheType)] }],
  ['one that is allowed by a group of its thing', true, { policies: [policy(ALLOW, GROUP)] }],
  ['one that no policy allows', false, { policies: [] }],
  ['one that a policy denies', false, { policies: [policy(ALLOW), policy(DENY)] }],
  ['one whose certificate does not verify', false, { signedByCa: false }],
  ['one whose thing is not attached', false, { thing: { ...facts.thing, attached: false } }],
])('%s: %j', (_, may, changed) => {
  expect(ask(changed)).toBe(may)
})

test('a group of no thing allows nothing', () => {
  const absent = { thingHeader: { kind: 'absent' } } as const
  expect(ask({ policies: [policy(ALLOW, GROUP)] }, absent)).toBe(false)
  expect(ask({}, absent)).toBe(true)
})

test('T14: the alias of the registry is not looked at', () => {
  expect(ask({ alias: undefined as never })).toBe(true)
  expect(ask({}, {}, given(parseRoleAlias('other')))).toBe(false)
})
