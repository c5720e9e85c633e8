import { parsePolicyName, parseThingGroupName } from '@thingpass/core/names'
import { expect, test } from 'vitest'
import { describeWorld } from '../../testing/facts-world.ts'
import { cacheKey } from './policy-cache-keys.ts'

const { tenantId } = describeWorld('acme')

test('T24: keys of one text as two kinds differ', () => {
  expect(cacheKey.document('iot-policy', 'ab')).not.toBe(
    cacheKey.document('session-template', 'ab'),
  )
})

test('T24: keys of a policy and of a group of the same name and id differ', () => {
  const pointer = { tenantId, policyName: parsePolicyName('x')!, generationId: '1' }
  const group = { tenantId, groupName: parseThingGroupName('x')!, groupId: '1' }
  expect(cacheKey.pointer(pointer)).not.toBe(cacheKey.group(group))
})

test('T24: a part that holds what joins the parts stays one part', () => {
  const keyOf = (name: string, generationId: string) =>
    cacheKey.pointer({ tenantId, policyName: parsePolicyName(name)!, generationId })
  expect(keyOf('a', 'b,c')).not.toBe(keyOf('a,b', 'c'))
})
