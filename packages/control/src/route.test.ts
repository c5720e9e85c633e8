import { expect, test } from 'vitest'
import { createRouter } from './route.ts'

const match = createRouter([
  { method: 'GET', path: '/role-aliases' },
  { method: 'GET', path: '/role-aliases/{roleAlias}' },
  { method: 'PUT', path: '/thing-groups/{thingGroupName}' },
  { method: 'PUT', path: '/thing-groups/addThingToThingGroup' },
  { method: 'GET', path: '/policies/{policyName}/version/{policyVersionId}' },
])

test.each([
  ['GET', '/role-aliases', '/role-aliases', {}],
  ['GET', '/role-aliases/my%3Dal%2Ci%40s', '/role-aliases/{roleAlias}', { roleAlias: 'my=al,i@s' }],
  ['GET', '/role-aliases/a%2Fb', '/role-aliases/{roleAlias}', { roleAlias: 'a/b' }],
  ['GET', '/role-aliases/a%252Fb', '/role-aliases/{roleAlias}', { roleAlias: 'a%2Fb' }],
  ['GET', '/role-aliases/a+b', '/role-aliases/{roleAlias}', { roleAlias: 'a+b' }],
  ['GET', '/role-aliases/', '/role-aliases/{roleAlias}', { roleAlias: '' }],
  [
    'GET',
    '/policies/p/version/2',
    '/policies/{policyName}/version/{policyVersionId}',
    { policyName: 'p', policyVersionId: '2' },
  ],
  ['PUT', '/thing-groups/addThingToThingGroup', '/thing-groups/addThingToThingGroup', {}],
  ['PUT', '/thing-groups/g', '/thing-groups/{thingGroupName}', { thingGroupName: 'g' }],
])('%s %s is %s', (method, path, route, labels) => {
  const found = match(method, path)
  expect(found).toMatchObject({ kind: 'matched', route: { method, path: route } })
  expect(found.kind === 'matched' && Object.fromEntries(found.labels)).toEqual(labels)
})

test.each([
  ['a path nobody has', 'GET', '/nothing'],
  ['another method', 'POST', '/role-aliases'],
  ['a method in lower case', 'get', '/role-aliases'],
  ['a segment too many', 'GET', '/role-aliases/a/b'],
  ['an empty segment in front', 'GET', '//role-aliases'],
  ['an encoded literal', 'GET', '/%72ole-aliases'],
  ['a literal in upper case', 'GET', '/Role-aliases'],
  ['no path', 'GET', ''],
  ['a path without its slash', 'GET', 'x/role-aliases'],
])('%s is unknown', (_, method, path) => {
  expect(match(method, path)).toEqual({ kind: 'unknown' })
})

test.each(['%', '%zz', '%ff', '%c3'])('a label of %s is malformed', (label) => {
  expect(match('GET', `/role-aliases/${label}`)).toEqual({ kind: 'label-malformed' })
})

test('two routes that cannot be told apart are not taken', () => {
  const routes = [
    { method: 'GET', path: '/things/{a}' },
    { method: 'GET', path: '/things/{b}' },
  ] as const
  expect(() => createRouter(routes)).toThrow('two routes have the shape GET things/~')
})
