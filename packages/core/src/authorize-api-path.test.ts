import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isUnambiguousPath } from './authorize-api-path.ts'

test.each([
  '/',
  '/whoami',
  '/a/b',
  '/a/',
  '/...',
  '/.well-known/x',
  '/a..b',
  '/x.',
  '/ü',
  '/a b',
  '/a:b,c=d@e+f',
])('%j has one reading', (path) => {
  expect(isUnambiguousPath(path)).toBe(true)
})

test.each([
  ['nothing', ''],
  ['no slash in front', 'whoami'],
  ['an escape', '/a%2Fb'],
  ['an escape of a dot', '/%2e%2e/b'],
  ['a percent sign', '/100%'],
  ['an empty segment in front', '//a'],
  ['an empty segment inside', '/a//b'],
  ['two slashes at the end', '/a//'],
  ['a dot segment', '/a/./b'],
  ['a dot segment at the end', '/a/.'],
  ['a parent', '/a/../b'],
  ['a parent at the end', '/a/..'],
  ['a backslash', '/a\\b'],
  ['a query', '/a?b'],
  ['a fragment', '/a#b'],
  ['path parameters', '/a;x=1/b'],
  ['a parent with parameters', '/a/..;/b'],
  ['a wildcard', '/a/*'],
  ['NUL', '/a\u0000'],
  ['a line break', '/a\nb'],
  ['DEL', '/a\u007f'],
  ['a C1 control', '/a\u0085'],
  ['a lone surrogate', '/a\ud800'],
  ['a line separator', '/a\u2028'],
  ['a paragraph separator', '/a\u2029'],
])('a path with %s has several', (_, path) => {
  expect(isUnambiguousPath(path)).toBe(false)
})

test('whatever path is accepted, a URL parser leaves it where it is', () => {
  const characters = fc.constantFrom(...'ab./\\%;?#*:@ \t\n\0ü')
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 12 }), (text) => {
      const path = `/${text}`
      if (!isUnambiguousPath(path)) return
      const segments = path.slice(1).split('/')
      expect(segments.slice(0, -1)).not.toContain('')
      expect(segments.filter((segment) => /^\.{1,2}$/.test(segment))).toEqual([])
      expect(path).not.toMatch(/[%\\?#;*\t\n\0]/)
    }),
  )
})
