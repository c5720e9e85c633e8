import { parseThingGroupName } from '@thingpass/core/names'
import { expect, test } from 'vitest'
import { liveGroups, type Membership } from './thing.ts'

const [floor, house, garden] = ['floor', 'house', 'garden'].map(
  (name) => parseThingGroupName(name)!,
)

/** In floor, and through it in house; in garden by itself. */
const memberships: readonly Membership[] = [
  { groupName: floor!, groupId: 'f-1', through: floor! },
  { groupName: house!, groupId: 'h-1', through: floor! },
  { groupName: garden!, groupId: 'g-1', through: garden! },
]

const liveNames = (...ids: readonly string[]) =>
  liveGroups(memberships, ({ groupId }) => ids.includes(groupId)).map(({ groupName }) => groupName)

test.each([
  ['all groups', ['f-1', 'h-1', 'g-1'], ['floor', 'house', 'garden']],
  ['no group', [], []],
  ['a parent only through a group that is there', ['h-1', 'g-1'], ['garden']],
  ['a group whose parent is another now', ['f-1', 'h-2'], ['floor']],
])('%s count', (_name, ids, names) => {
  expect(liveNames(...ids)).toEqual(names)
})

test('a live group is named without the way it was reached', () => {
  expect(liveGroups(memberships, ({ groupId }) => groupId === 'g-1')).toEqual([
    { groupName: 'garden', groupId: 'g-1' },
  ])
})
