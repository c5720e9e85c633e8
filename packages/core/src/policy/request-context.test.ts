import { expect, test } from 'vitest'
import { createRequestContext } from './request-context.ts'

test('finds a key in any letter case', () => {
  const context = createRequestContext([['aws:PrincipalTag/Team', 'Red']])
  expect(context.get('AWS:principaltag/TEAM')).toBe('Red')
  expect(context.get('aws:Principaltag/Team'.replace('i', '\u0131'))).toBe('Red')
  expect(context.entries).toEqual(new Map([['aws:PrincipalTag/Team', 'Red']]))
})

test('finds nothing that was not given, object prototype included', () => {
  const context = createRequestContext([['a', '1']])
  for (const key of ['toString', '__proto__', 'b', '']) expect(context.get(key)).toBe(undefined)
})

test('takes a key with an empty list as absent, and an empty text as present', () => {
  const context = createRequestContext([
    ['list', []],
    ['text', ''],
    ['some', ['x']],
  ])
  expect(context.get('list')).toBe(undefined)
  expect(context.get('text')).toBe('')
  expect(context.get('some')).toEqual(['x'])
  expect([...context.entries.keys()]).toEqual(['text', 'some'])
})

test('gives keys that differ in letter case only by their exact spelling, and by no other', () => {
  const context = createRequestContext([
    ['Site', '1'],
    ['site', '2'],
    ['SITE', '3'],
  ])
  const spellings = ['Site', 'site', 'SITE', 'sItE']
  expect(spellings.map(context.get)).toEqual(['1', '2', '3', undefined])
  expect(spellings.map(context.isAmbiguous)).toEqual([false, false, false, true])
  expect(['other', 'sit'].map(context.isAmbiguous)).toEqual([false, false])
})

test('tells which key is meant when one of two spellings is an empty list', () => {
  const context = createRequestContext([
    ['Site', ''],
    ['SITE', []],
  ])
  expect(context.get('site')).toBe('')
  expect(context.isAmbiguous('site')).toBe(false)
})

test('is frozen', () => {
  expect(Object.isFrozen(createRequestContext([]))).toBe(true)
})
