import { expect, test } from 'vitest'
import { groupsByDepth } from './groups-by-depth.ts'

const names = (groups: readonly { name: string; parent?: string }[]) =>
  groupsByDepth(groups).map((level) => level.map(({ name }) => name))

test('parents come before their children, whatever the order', () => {
  const groups = [
    { name: 'c', parent: 'b' },
    { name: 'b2', parent: 'a' },
    { name: 'a' },
    { name: 'b', parent: 'a' },
    { name: 'z' },
  ]
  expect(names(groups)).toEqual([['a', 'z'], ['b2', 'b'], ['c']])
  expect(names(groups.toReversed())).toEqual([['z', 'a'], ['b', 'b2'], ['c']])
})

test('a group whose parent is not there stands first', () => {
  expect(names([{ name: 'a', parent: 'gone' }])).toEqual([['a']])
})

test('parents in a circle do not hold it up', () => {
  const circle = [
    { name: 'a', parent: 'b' },
    { name: 'b', parent: 'a' },
  ]
  expect(names(circle).flat().toSorted()).toEqual(['a', 'b'])
})

test('no groups are no levels', () => expect(names([])).toEqual([]))
