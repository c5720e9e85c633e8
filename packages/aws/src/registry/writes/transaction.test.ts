import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'
import { parseTenantId } from '@thingpass/core/names'
import { describe, expect, test } from 'vitest'
import type { Item } from '../attributes.ts'
import { decodeAudit } from '../items/audit.ts'
import { createRegistry, MAX_ATTEMPTS } from './transaction.ts'

const NOON = new Date('2026-06-01T12:00:00.250Z')
const tenantId = parseTenantId('acme')!
const KEY = { pk: 'TENANT#acme#X', sk: 'META' }

const WRITTEN = { ConsumedCapacity: [{ TableName: 'registry', CapacityUnits: 2 }] }

/** A client that gives prepared answers, an error by throwing it, and keeps what it was sent. */
function stubClient(answers: readonly unknown[]) {
  const sent: unknown[] = []
  const send = async (command: unknown): Promise<unknown> => {
    const answer = answers[sent.length]
    sent.push(command)
    if (answer instanceof Error) throw answer
    return answer ?? (command instanceof TransactWriteItemsCommand ? WRITTEN : {})
  }
  return { client: { send } as unknown as DynamoDBClient, sent }
}

const cancelled = (...codes: readonly (string | undefined)[]) =>
  new TransactionCanceledException({
    $metadata: { httpStatusCode: 400 },
    message: 'cancelled, with items in it',
    CancellationReasons: codes.map((code) => (code === undefined ? {} : { Code: code })),
  })

function start(answers: readonly unknown[]) {
  const { client, sent } = stubClient(answers)
  const pauses: number[] = []
  let made = 0
  const registry = createRegistry({
    client,
    tableName: 'registry',
    clock: () => NOON,
    newId: () => {
      made += 1
      return `id-${made}`
    },
    actor: 'arn:aws:iam::123456789012:user/operator',
    pause: async (attempt) => {
      pauses.push(attempt)
    },
    timer: { milliseconds: () => 0, sleep: async () => undefined },
  })
  let plans = 0
  const plan = async () => {
    plans += 1
    return {
      outcome: { ok: true, plan: plans },
      writes: [
        registry.update(KEY, { set: { status: { S: 'on' } } }, { equal: { n: { N: '1' } } }),
      ],
      audit: { tenantId, action: 'switch', subject: 'x', after: { status: 'on', gone: undefined } },
    }
  }
  return { registry, sent, pauses, plan, plans: () => plans }
}

describe('a change', () => {
  test('T40: is one transaction of its writes and its audit record', async () => {
    const { registry, sent, plan } = start([])
    expect(await registry.change(plan)).toEqual({ ok: true, plan: 1 })
    expect(sent).toHaveLength(1)
    const command = sent[0] as TransactWriteItemsCommand
    expect(command).toBeInstanceOf(TransactWriteItemsCommand)
    const [update, audit] = command.input.TransactItems!
    expect(update).toEqual({
      Update: {
        TableName: 'registry',
        Key: { pk: { S: KEY.pk }, sk: { S: KEY.sk } },
        UpdateExpression: 'SET #status = :set_status',
        ConditionExpression: 'attribute_exists(#pk) AND #n = :is_n',
        ExpressionAttributeNames: { '#pk': 'pk', '#status': 'status', '#n': 'n' },
        ExpressionAttributeValues: { ':set_status': { S: 'on' }, ':is_n': { N: '1' } },
      },
    })
    expect(audit?.Put?.ConditionExpression).toBe('attribute_not_exists(#pk)')
    expect(decodeAudit(audit?.Put?.Item as Item)).toEqual({
      tenantId,
      time: NOON,
      changeId: 'id-1',
      actor: 'arn:aws:iam::123456789012:user/operator',
      action: 'switch',
      subject: 'x',
      after: new Map([['status', 'on']]),
    })
  })

  test('that has nothing to write writes nothing', async () => {
    const { registry, sent } = start([])
    const outcome = await registry.change(async () => ({ outcome: { ok: false } }))
    expect(outcome).toEqual({ ok: false })
    expect(sent).toEqual([])
  })

  test.each([
    ['a condition failed', cancelled('ConditionalCheckFailed', 'None')],
    ['another transaction held an item', cancelled('None', 'TransactionConflict')],
    ['both', cancelled('TransactionConflict', 'ConditionalCheckFailed')],
  ])('is planned anew when %s', async (_name, error) => {
    const { registry, pauses, plan } = start([error, error])
    expect(await registry.change(plan)).toEqual({ ok: true, plan: 3 })
    expect(pauses).toEqual([1, 2])
  })

  test('gives up after losing too often, as a fault that may be tried again', async () => {
    const error = cancelled('ConditionalCheckFailed')
    const { registry, plan, plans } = start(Array(100).fill(error))
    const outcome = registry.change(plan)
    await expect(outcome).rejects.toMatchObject({ name: 'Fault', code: 'REGISTRY_THROTTLED' })
    expect(plans()).toBe(MAX_ATTEMPTS)
  })

  test.each([
    ['throttling', cancelled('None', 'ThrottlingError'), 'REGISTRY_THROTTLED'],
    ['an item that is too large', cancelled('ValidationError'), 'REGISTRY_REFUSED'],
    [
      'a failed condition beside it',
      cancelled('ConditionalCheckFailed', 'ValidationError'),
      'REGISTRY_REFUSED',
    ],
    ['no reason', cancelled(), 'REGISTRY_REFUSED'],
    ['an empty reason', cancelled(undefined), 'REGISTRY_REFUSED'],
    ['no answer', Object.assign(new Error('x'), { name: 'TimeoutError' }), 'REGISTRY_TIMEOUT'],
    [
      'no connection',
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      'REGISTRY_UNAVAILABLE',
    ],
  ])('is a fault at once for %s', async (_name, error, code) => {
    const { registry, plan, plans } = start([error])
    const fault = await registry.change(plan).catch((thrown: unknown) => thrown)
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ code })
    expect(String(fault)).not.toContain('items in it')
    expect(plans()).toBe(1)
  })

  test('asks what it has cost, and is a fault at once when the answer does not say', async () => {
    const { registry, sent, plan, plans } = start([{}])
    await expect(registry.change(plan)).rejects.toMatchObject({ code: 'REGISTRY_UNREADABLE' })
    expect((sent[0] as TransactWriteItemsCommand).input.ReturnConsumedCapacity).toBe('TOTAL')
    expect(plans()).toBe(1)
  })

  test('fails as its plan fails', async () => {
    const { registry, sent } = start([])
    const fault = new Fault('REGISTRY_UNREADABLE', 'an item')
    await expect(registry.change(() => Promise.reject(fault))).rejects.toBe(fault)
    expect(sent).toEqual([])
  })
})

describe('reading', () => {
  test('an item is strongly consistent', async () => {
    const item = { pk: { S: 'x' } }
    const { registry, sent } = start([{ Item: item }, {}])
    expect(await registry.get(KEY)).toBe(item)
    expect(await registry.get(KEY)).toBeUndefined()
    expect(sent[0]).toBeInstanceOf(GetItemCommand)
    expect((sent[0] as GetItemCommand).input).toEqual({
      TableName: 'registry',
      Key: { pk: { S: KEY.pk }, sk: { S: KEY.sk } },
      ConsistentRead: true,
    })
  })

  test('a partition is strongly consistent and goes on to its last page', async () => {
    const [first, second] = [{ pk: { S: '1' } }, { pk: { S: '2' } }]
    const { registry, sent } = start([{ Items: [first], LastEvaluatedKey: first }, {}, {}])
    const pages = start([{ Items: [first], LastEvaluatedKey: first }, { Items: [second] }])
    const bounds = { from: 'A', to: 'B' }
    expect(await registry.query('p', bounds)).toEqual([first])
    expect(sent).toHaveLength(2)
    expect(await pages.registry.query('p', bounds)).toEqual([first, second])
    const inputs = pages.sent.map((command) => (command as QueryCommand).input)
    expect(inputs.map(({ ExclusiveStartKey: after }) => after)).toEqual([undefined, first])
    expect(inputs[1]).toMatchObject({
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': { S: 'p' }, ':from': { S: 'A' }, ':to': { S: 'B' } },
    })
  })

  test.each(['GetItem', 'Query'])('a failed %s is a fault that names it', async (operation) => {
    const error = Object.assign(new Error('x'), {
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    })
    const { registry } = start([error])
    const bounds = { from: 'A', to: 'B' }
    const read = operation === 'Query' ? registry.query('p', bounds) : registry.get(KEY)
    const fault = await read.catch((thrown: unknown) => thrown)
    expect(fault).toMatchObject({ name: 'Fault', code: 'REGISTRY_THROTTLED' })
    expect(String(fault)).toContain(operation)
  })
})

test('time is stored to the second', () => {
  expect(start([]).registry.now()).toEqual(new Date('2026-06-01T12:00:00Z'))
})

describe('a write of one row', () => {
  const written = { ConsumedCapacity: { TableName: 'registry', CapacityUnits: 1 } }
  const failed = new ConditionalCheckFailedException({ $metadata: {}, message: 'x' })
  const writes = {
    PutItem: [PutItemCommand, { Put: { TableName: 't', Item: {}, ConditionExpression: 'c' } }],
    DeleteItem: [DeleteItemCommand, { Delete: { TableName: 't', Key: {} } }],
  } as const

  test.each(Object.entries(writes))('by %s is made as it was planned', async (_, [made, write]) => {
    const { registry, sent } = start([written])
    expect(await registry.attempt(write)).toBe(true)
    expect(sent).toEqual([expect.any(made)])
    const [planned] = Object.values(write)
    expect(sent).toMatchObject([{ input: planned }])
  })

  test.each(Object.entries(writes))(
    'by %s whose condition does not hold is not made',
    async (_, [, write]) => {
      expect(await start([failed]).registry.attempt(write)).toBe(false)
    },
  )

  test.each(Object.entries(writes))(
    'by %s that fails is a fault that names it',
    async (name, [, write]) => {
      const reset = Object.assign(new Error('x'), { code: 'ECONNRESET' })
      const fault = await start([reset])
        .registry.attempt(write)
        .catch((thrown: unknown) => thrown)
      expect(fault).toMatchObject({ name: 'Fault', code: 'REGISTRY_UNAVAILABLE' })
      expect(String(fault)).toContain(name)
      await expect(start([{}]).registry.attempt(write)).rejects.toMatchObject({ name: 'Fault' })
    },
  )
})
