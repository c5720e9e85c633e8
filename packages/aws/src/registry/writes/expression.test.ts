import { expect, test } from 'vitest'
import { tableWrites, unchanged } from './expression.ts'

const key = { pk: 'p', sk: 's' }
const at = { TableName: 't', Key: { pk: { S: 'p' }, sk: { S: 's' } } }
const item = { pk: { S: 'p' }, status: { S: 'on' } }
const { put, update, remove, drop, check } = tableWrites('t')

test('a put demands nothing unless asked', () => {
  expect(put(item)).toEqual({ Put: { TableName: 't', Item: item } })
})

test('a put can demand that there is no item', () => {
  expect(put(item, { missing: true })).toEqual({
    Put: {
      TableName: 't',
      Item: item,
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
    },
  })
})

test('an update sets, removes and adds in one expression, and demands all of its condition', () => {
  const change = { set: { a: { S: '1' }, b: { S: '2' } }, remove: ['c', 'd'], add: { e: 1, f: -1 } }
  const condition = { equal: { a: { S: '0' } }, absent: ['g'], below: { e: 10 } }
  expect(update(key, change, condition)).toEqual({
    Update: {
      ...at,
      UpdateExpression: 'SET #a = :set_a, #b = :set_b REMOVE #c, #d ADD #e :add_e, #f :add_f',
      ConditionExpression:
        'attribute_exists(#pk) AND #a = :is_a AND attribute_not_exists(#g) AND #e < :below_e',
      ExpressionAttributeNames: Object.fromEntries(
        ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'pk'].map((name) => [`#${name}`, name]),
      ),
      ExpressionAttributeValues: {
        ':set_a': { S: '1' },
        ':set_b': { S: '2' },
        ':add_e': { N: '1' },
        ':add_f': { N: '-1' },
        ':is_a': { S: '0' },
        ':below_e': { N: '10' },
      },
    },
  })
})

test('a removal and a check demand at least that the item is there', () => {
  const there = {
    ConditionExpression: 'attribute_exists(#pk)',
    ExpressionAttributeNames: { '#pk': 'pk' },
  }
  expect(remove(key, {})).toEqual({ Delete: { ...at, ...there } })
  expect(check(key, {})).toEqual({ ConditionCheck: { ...at, ...there } })
  expect(drop(key)).toEqual({ Delete: at })
})

test('an item is unchanged when what it has is equal and what it lacks is absent', () => {
  expect(unchanged(item, ['status', 'note'])).toEqual({ equal: item, absent: ['note'] })
})
