import { expect, test } from 'vitest'
import { type ControlCaller, createFindKey, mayCall } from './access-keys.ts'

const key = (profile: string) => ({
  profile,
  accessKeyId: `ID${profile}`,
  secretAccessKey: 'secret',
})
const findKey = createFindKey(['default', 'acme', 'Not A Tenant'].map(key), '123456789012')

test.each([
  ['default', 'all'],
  ['acme', { tenantId: 'acme' }],
])('the key of profile %s is found with its reach', (profile, reach) => {
  expect(findKey(`ID${profile}`, undefined)).toEqual({
    found: true,
    secretAccessKey: 'secret',
    caller: {
      arn: `arn:aws:iam::123456789012:user/${profile}`,
      accessKeyId: `ID${profile}`,
      reach,
    },
  })
})

test.each(['IDnobody', 'IDNot A Tenant', ''])('the key %j opens nothing', (accessKeyId) => {
  expect(findKey(accessKeyId, undefined)).toEqual({ found: false, reason: 'key-unknown' })
})

test('a key with a session token is not the one that was given out', () => {
  expect(findKey('IDdefault', 'token')).toEqual({ found: false, reason: 'token-invalid' })
})

function callerOf(profile: string): ControlCaller {
  const found = findKey(`ID${profile}`, undefined)
  if (!found.found) throw new Error('the key is not there')
  return found.caller
}

test.each(['/things/a', '/t/acme/things/a', '/thingpass/tenants', '/'])(
  'the administrator may call %s',
  (path) => expect(mayCall(callerOf('default'), path)).toBe(true),
)

test.each([
  ['/t/acme/things/a', true],
  ['/t/acme/thingpass/explain', true],
  ['/t/acme', false],
  ['/t/acme2/things/a', false],
  ['/t/acm/things/a', false],
  ['/things/a', false],
  ['/thingpass/tenants', false],
  ['//t/acme/things/a', false],
  ['/%74/acme/things/a', false],
  ['/t%2Facme/things/a', false],
  ['', false],
])('the operator of acme calling %j: %s', (path, allowed) => {
  expect(mayCall(callerOf('acme'), path)).toBe(allowed)
})
