import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRoute } from './route.ts'

test.each(['camera', 'a=b,c@d', 'Z_9-'])('GET of the credentials of %s is read', (alias) => {
  expect(readRoute('GET', `/role-aliases/${alias}/credentials`)).toEqual({
    kind: 'credentials',
    roleAlias: alias,
  })
})

test.each(['', 'a b', 'a%3Db', '%2e%2e', '..', 'a;b', 'a\u0000', 'a\n', 'ä', 'x'.repeat(129)])(
  'T13: the alias %j is outside the grammar, which the policy step will answer',
  (alias) => {
    expect(readRoute('GET', `/role-aliases/${alias}/credentials`)).toEqual({
      kind: 'credentials',
      roleAlias: undefined,
    })
  },
)

test.each([
  '/',
  '',
  '/ping',
  '/role-aliases',
  '/role-aliases/camera',
  '/role-aliases/camera/credentials/',
  '/role-aliases/camera/credentials/x',
  '/role-aliases/a/b/credentials',
  '/x/role-aliases/camera/credentials',
  '/Role-Aliases/camera/credentials',
  '//role-aliases/camera/credentials',
  'role-aliases/camera/credentials',
  '/role-aliases/camera/credentials\n',
])('%j is no path of ours', (path) => {
  expect(readRoute('GET', path)).toEqual({ kind: 'refused', reason: 'path-unknown' })
})

test.each(['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'get', ''])(
  'the method %j is not allowed',
  (method) => {
    const refused = { kind: 'refused', reason: 'method-not-allowed' }
    expect(readRoute(method, '/role-aliases/camera/credentials')).toEqual(refused)
  },
)

test('T13: whatever alias is accepted is in the grammar, and stands in the path as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      const route = readRoute('GET', `/role-aliases/${text}/credentials`)
      if (route.kind === 'refused' || route.roleAlias === undefined) return
      expect(route.roleAlias).toBe(text)
      expect(route.roleAlias).toMatch(/^[\w=,@-]{1,128}$/)
    }),
  )
})
