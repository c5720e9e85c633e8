import { randomUUID } from 'node:crypto'
import { policyKey, thingGroupKey } from '@thingpass/aws/registry/keys'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { removeItem } from '@thingpass/aws/testing/facts-world'
import { readRegistry } from '@thingpass/aws/testing/registry-walk'
import { startTestTable, type TestTable } from '@thingpass/aws/testing/start-test-table'
import { parsePolicyName, parseTenantId, parseThingGroupName } from '@thingpass/core/names'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { done } from '../support/fleet.ts'
import { problemsOf, settle } from './integrity.ts'
import type { Knowledge } from './lane.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

const tenantId = parseTenantId('default')!
const policyName = parsePolicyName('p')!
const groupName = parseThingGroupName('g')!
const EDGE = 'policy p of group g'
const ALL_THERE: readonly (readonly [string, Knowledge])[] = [
  ['policy p', 'there'],
  ['group g', 'there'],
  [EDGE, 'there'],
  ['thing t', 'gone'],
]

let table: TestTable
beforeEach(async () => {
  table = await startTestTable()
  const clock = () => new Date()
  const registry = createRegistryWrites({ ...table, clock, newId: randomUUID, actor: 'anna' })
  const document =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
  await done(registry.createPolicy({ tenantId, policyName, document }))
  await done(registry.createThingGroup({ tenantId, groupName, attributes: new Map() }))
  const { groupId } = (await registry.getThingGroup({ tenantId, groupName }))!
  expect(groupId).toBeDefined()
  await done(
    registry.attachPolicy({ tenantId, policyName, target: { kind: 'thing-group', groupName } }),
  )
})
afterEach(() => table.stop())

const itemsNow = () => readRegistry(table.client, table.tableName)
const problems = async (
  changed: readonly (readonly [string, Knowledge])[] = [],
  audits = { least: 3, most: 3 },
) => problemsOf(await itemsNow(), new Map([...ALL_THERE, ...changed]), audits)

describe('after a kill', () => {
  test('nothing is wrong with a registry that holds what was acknowledged', async () => {
    expect(await problems()).toEqual([])
  })

  test('a change that was acknowledged and is not there is lost', async () => {
    expect(await problems([['thing t', 'there']])).toEqual(['acknowledged, and not there: thing t'])
  })

  test('a removal that was acknowledged and did not happen is lost', async () => {
    expect(await problems([[EDGE, 'gone']])).toEqual([`acknowledged as gone, and there: ${EDGE}`])
  })

  test('a change that was under way may have been made or not', async () => {
    const both = [['thing t', 'unknown'] as const, [EDGE, 'unknown'] as const]
    expect(await problems(both)).toEqual([])
    const known = new Map<string, Knowledge>(both)
    settle(known, await itemsNow())
    expect([...known]).toEqual([
      ['thing t', 'gone'],
      [EDGE, 'there'],
    ])
  })

  test.each([
    ['a change without an audit item', { least: 4, most: 4 }],
    ['an audit item without a change', { least: 1, most: 2 }],
  ])('%s is wrong', async (_, audits) => {
    expect(await problems([], audits)).toEqual([
      `3 audit items; ${audits.least} to ${audits.most} changes`,
    ])
  })

  test.each([
    ['a policy that went from under its edges', () => policyKey(tenantId, policyName)],
    ['a group that went from under its edges', () => thingGroupKey(tenantId, groupName)],
  ])('%s contradicts them', async (_, key) => {
    await removeItem(table, key())
    expect((await problems()).length).toBeGreaterThan(1)
  })
})
