import { expect, test } from 'vitest'
import { splitTenantPath } from './tenant-path.ts'

test.each([
  ['/things/cam-1', 'default', '/things/cam-1'],
  ['/t/acme/things/cam-1', 'acme', '/things/cam-1'],
  ['/t/acme/', 'acme', '/'],
  ['/t/acme/t/other/things', 'acme', '/t/other/things'],
  [
    '/t/acme/attached-policies/arn%3Aaws%3Aiot%2F..%2Fx',
    'acme',
    '/attached-policies/arn%3Aaws%3Aiot%2F..%2Fx',
  ],
  ['/thingpass/tenants', 'default', '/thingpass/tenants'],
  ['/thingpass/tenants/acme', 'default', '/thingpass/tenants/acme'],
  ['/t/acme/thingpass/explain', 'acme', '/thingpass/explain'],
  ['/t/acme/thingpass/tenantsX', 'acme', '/thingpass/tenantsX'],
  ['/tx/acme/things', 'default', '/tx/acme/things'],
])('%s is a call of tenant %s for %s', (path, tenantId, rest) => {
  expect(splitTenantPath(path)).toEqual({ tenantId, path: rest })
})

test.each([
  ['the prefix of default', '/t/default/things'],
  ['a prefix alone', '/t/acme'],
  ['a prefix without tenant', '/t'],
  ['an empty tenant', '/t//things'],
  ['a tenant outside the grammar', '/t/Acme/things'],
  ['a tenant that is encoded', '/t/ac%6De/things'],
  ['an encoded slash', '/t/acme%2Fthings'],
  ['a dot segment', '/t/acme/../other/things'],
  ['a dot segment before the prefix', '/./t/acme/things'],
  ['an encoded dot segment', '/t/acme/%2e%2E/other/things'],
  ['a half encoded dot segment', '/t/acme/.%2e/other/things'],
  ['a single dot', '/t/./acme/things'],
  ['the list of tenants under a prefix', '/t/acme/thingpass/tenants'],
  ['one tenant under a prefix', '/t/acme/thingpass/tenants/other'],
])('%s leads nowhere', (_, path) => {
  expect(splitTenantPath(path)).toBeUndefined()
})

test.each(['/%74/acme/things', '//t/acme/things', '/T/acme/things'])(
  '%s is no prefix: the whole of it is left to the routes, which do not know it',
  (path) => {
    expect(splitTenantPath(path)).toEqual({ tenantId: 'default', path })
  },
)
