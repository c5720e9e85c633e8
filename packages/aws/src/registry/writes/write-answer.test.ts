import { expect, test } from 'vitest'
import { requireWritten } from './write-answer.ts'

const COST = { TableName: 'registry', CapacityUnits: 2 }

test('a write that says what it has cost was made', () => {
  expect(() => requireWritten('PutItem', { ConsumedCapacity: COST })).not.toThrow()
  expect(() => requireWritten('PutItem', { ConsumedCapacity: [COST, COST] })).not.toThrow()
})

test.each([
  ['nothing', undefined],
  ['an empty list', []],
  ['a text', 'none'],
  ['an object', { of: COST }],
  ['a list of nothing', [null]],
  ['a list that is half a cost', [COST, {}]],
  ['a cost without a table', [{ CapacityUnits: 2 }]],
  ['a cost of a table that is none', [{ ...COST, TableName: 5 }]],
  ['a cost that is a text', [{ ...COST, CapacityUnits: '2' }]],
  ['a cost that is no number', [{ ...COST, CapacityUnits: Number.NaN }]],
  ['no cost', [{ ...COST, CapacityUnits: 0 }]],
])('a write that says %s may have been made or not', (_, costs) => {
  const answer = { ConsumedCapacity: costs as never }
  expect(() => requireWritten('PutItem', answer)).toThrow(
    expect.objectContaining({
      code: 'REGISTRY_UNREADABLE',
      message: 'PutItem answered no capacity',
    }),
  )
})
