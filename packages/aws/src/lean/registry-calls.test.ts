import { crc32 } from 'node:zlib'
import type { FaultCode } from '@thingpass/core/fault'
import { parseRegion } from '@thingpass/core/names'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type StubAnswer, type StubService, startStubService } from '../../testing/stub-service.ts'
import { REGISTRY_LIMITS } from '../call-limits.ts'
import { dynamoFault } from '../dynamo-faults.ts'
import { type LeanRegistryCalls, leanRegistryCalls } from './registry-calls.ts'

const NOON = new Date('2030-01-01T12:00:00Z')
const SECRET = 'secret-not-to-be-seen'
const TABLE = { TableName: 'registry' }

let stub: StubService
let calls: LeanRegistryCalls
let impatient: LeanRegistryCalls
let signal: AbortSignal

beforeAll(async () => {
  stub = await startStubService()
  const open = (milliseconds: number) =>
    leanRegistryCalls({
      region: parseRegion('eu-central-1')!,
      endpoint: stub.endpoint,
      credentials: {
        accessKeyId: 'AKIA',
        secretAccessKey: SECRET,
        sessionToken: `${SECRET}-token`,
      },
      clock: () => NOON,
      random: () => 0,
      limits: { ...REGISTRY_LIMITS, requestMs: milliseconds, socketMs: milliseconds },
    })
  calls = open(5000)
  impatient = open(100)
})
beforeEach(() => {
  signal = new AbortController().signal
})
afterAll(async () => {
  calls.close()
  impatient.close()
  await stub.stop()
})

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): StubAnswer =>
  (response) =>
    response
      .writeHead(status, { 'x-amzn-requestid': 'request-7', date: NOON.toUTCString(), ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
const error = (status: number, type: string, more: object = {}): StubAnswer =>
  json(status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: SECRET, ...more })

const query = (by = calls) => by.query(TABLE, signal)
const batchGet = () => calls.batchGet({ RequestItems: {} }, signal)
const update = () => calls.update({ ...TABLE, Key: {} }, signal)

describe('a request', () => {
  test.each([
    ['Query', () => query(), { ...TABLE }],
    ['BatchGetItem', batchGet, { RequestItems: {} }],
    ['UpdateItem', update, { ...TABLE, Key: {} }],
  ])(
    '%s carries its name, its input and the session token, and no secret',
    async (name, call, input) => {
      stub.answerWith(json(200, {}))
      await call()
      const [request] = stub.requests
      expect(request?.headers).toMatchObject({
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${name}`,
        'x-amz-date': '20300101T120000Z',
        'x-amz-security-token': `${SECRET}-token`,
        authorization: expect.stringContaining('AKIA/20300101/eu-central-1/dynamodb/aws4_request'),
      })
      expect(JSON.parse(request?.body ?? '')).toEqual(input)
      expect(request?.rawHeaders.join().replaceAll(`${SECRET}-token`, '')).not.toContain(SECRET)
    },
  )

  test('goes over the connection of the one before', async () => {
    await query()
    stub.answerWith(json(200, {}))
    await query()
    await query()
    expect(stub.connections()).toBe(0)
  })
})

describe('an answer', () => {
  const row = { pk: { S: 'a' }, n: { N: '1' }, list: { L: [{ M: { x: { BOOL: true } } }] } }

  test('of a Query is items, the key of a next page and the capacity', async () => {
    const capacity = { TableName: 'registry', CapacityUnits: 1.5 }
    stub.answerWith(json(200, { Items: [row], LastEvaluatedKey: row, ConsumedCapacity: capacity }))
    await expect(query()).resolves.toEqual({
      Items: [row],
      LastEvaluatedKey: row,
      ConsumedCapacity: { CapacityUnits: 1.5 },
    })
  })

  test('of a BatchGetItem is items by table, keys that are left and the capacity of each table', async () => {
    const left = { registry: { Keys: [{ pk: { S: 'a' } }] } }
    const capacity = [{ CapacityUnits: 2 }, {}]
    const body = {
      Responses: { registry: [row] },
      UnprocessedKeys: left,
      ConsumedCapacity: capacity,
    }
    stub.answerWith(json(200, body))
    await expect(batchGet()).resolves.toEqual(body)
  })

  test('of an UpdateItem is what was written', async () => {
    stub.answerWith(json(200, { Attributes: row }))
    await expect(update()).resolves.toEqual({ written: true, attributes: row })
    stub.answerWith(json(200, {}))
    await expect(update()).resolves.toEqual({ written: true, attributes: undefined })
  })

  test.each([
    ['with the item in the way', { Item: row }, row],
    ['without one', {}, undefined],
  ])('of a condition that does not hold, %s, is no failure', async (_, more, attributes) => {
    stub.answerWith(error(400, 'ConditionalCheckFailedException', more))
    await expect(update()).resolves.toEqual({ written: false, attributes })
    expect(stub.requests).toHaveLength(1)
  })

  test('of an UpdateItem that was refused for another reason is a failure', async () => {
    stub.answerWith(error(400, 'ValidationException'))
    await expect(update()).rejects.toMatchObject({ name: 'ValidationException' })
  })

  test('of a condition to anything but an UpdateItem is a failure', async () => {
    stub.answerWith(error(400, 'ConditionalCheckFailedException'))
    await expect(query()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
  })

  test('that comes in pieces is one', async () => {
    stub.answerWith((response) => {
      response.write('{"Items"')
      setImmediate(() => response.end(':[]}'))
    })
    await expect(query()).resolves.toMatchObject({ Items: [] })
  })

  test('that agrees with its checksum is taken', async () => {
    stub.answerWith(json(200, '{"Items":[]}', { 'x-amz-crc32': String(crc32('{"Items":[]}')) }))
    await expect(query()).resolves.toMatchObject({ Items: [] })
  })
})

const never: StubAnswer = () => undefined
const reset: StubAnswer = (response) => response.destroy()
const cutOff: StubAnswer = (response) => {
  response.writeHead(200, { 'content-length': '900' }).write('{"Items":[')
  setImmediate(() => response.destroy())
}
const stalled: StubAnswer = (response) => {
  response.writeHead(200, { 'content-length': '900' }).write('{"Items":[')
}
const noHttp: StubAnswer = (response) => {
  response.socket?.end('SSH-2.0-OpenSSH\r\n\r\n')
}
const item = (value: unknown): StubAnswer => json(200, { Items: [{ x: value }] })
const nested = (levels: number): unknown =>
  levels === 0 ? { S: 'x' } : { L: [nested(levels - 1)] }

/** What was answered, what it becomes, and how often it was asked: passing failures twice. */
const faults: readonly (readonly [string, StubAnswer, FaultCode, 1 | 2])[] = [
  ['no answer', never, 'REGISTRY_TIMEOUT', 2],
  ['a body that stops in the middle', stalled, 'REGISTRY_TIMEOUT', 2],
  ['a reset', reset, 'REGISTRY_UNAVAILABLE', 2],
  ['a reset in the middle of the body', cutOff, 'REGISTRY_UNAVAILABLE', 2],
  ['another protocol', noHttp, 'REGISTRY_UNAVAILABLE', 2],
  [
    'another checksum',
    json(200, '{"Items":[]}', { 'x-amz-crc32': '1' }),
    'REGISTRY_UNAVAILABLE',
    2,
  ],
  ['status 500', error(500, 'InternalServerError'), 'REGISTRY_UNAVAILABLE', 2],
  ['status 503 with a page', json(503, '<html>'), 'REGISTRY_UNAVAILABLE', 2],
  ['status 500 without a body', json(500, ''), 'REGISTRY_UNAVAILABLE', 2],
  ['throughput', error(400, 'ProvisionedThroughputExceededException'), 'REGISTRY_THROTTLED', 2],
  ['throttling', error(400, 'ThrottlingException'), 'REGISTRY_THROTTLED', 2],
  ['status 429', json(429, ''), 'REGISTRY_THROTTLED', 2],
  [
    'an error named by a header',
    json(400, '{}', { 'x-amzn-errortype': 'ThrottlingException:http://x' }),
    'REGISTRY_THROTTLED',
    2,
  ],
  ['an error named by a code', json(400, { code: 'ThrottlingException' }), 'REGISTRY_THROTTLED', 2],
  ['a refused permission', error(400, 'AccessDeniedException'), 'REGISTRY_REFUSED', 1],
  ['refused credentials', error(400, 'UnrecognizedClientException'), 'REGISTRY_REFUSED', 1],
  ['a request that is not valid', error(400, 'ValidationException'), 'REGISTRY_REFUSED', 1],
  ['a missing table', error(400, 'ResourceNotFoundException'), 'REGISTRY_REFUSED', 1],
  ['an error that is no JSON', json(400, '<html>'), 'REGISTRY_REFUSED', 1],
  ['a name that is no text', json(400, { __type: 5 }), 'REGISTRY_REFUSED', 1],
  ['a redirect', json(301, '', { location: 'http://127.0.0.1:1/' }), 'REGISTRY_REFUSED', 1],
  ['an empty answer', json(200, ''), 'REGISTRY_UNREADABLE', 1],
  ['status 204', json(204, ''), 'REGISTRY_UNREADABLE', 1],
  ['malformed JSON', json(200, '{"Items":['), 'REGISTRY_UNREADABLE', 1],
  ['JSON that is no object', json(200, '[]'), 'REGISTRY_UNREADABLE', 1],
  ['null', json(200, 'null'), 'REGISTRY_UNREADABLE', 1],
  ['items that are no list', json(200, { Items: {} }), 'REGISTRY_UNREADABLE', 1],
  ['an item that is none', json(200, { Items: ['x'] }), 'REGISTRY_UNREADABLE', 1],
  ['an item that is null', json(200, { Items: [null] }), 'REGISTRY_UNREADABLE', 1],
  ['an attribute without a type', item({}), 'REGISTRY_UNREADABLE', 1],
  ['an attribute of two types', item({ S: 'x', N: '1' }), 'REGISTRY_UNREADABLE', 1],
  ['an attribute of an unknown type', item({ X: 'x' }), 'REGISTRY_UNREADABLE', 1],
  ['an attribute that is none', item('x'), 'REGISTRY_UNREADABLE', 1],
  ['a text that is none', item({ S: 1 }), 'REGISTRY_UNREADABLE', 1],
  ['a number that is no text', item({ N: 1 }), 'REGISTRY_UNREADABLE', 1],
  ['a truth value that is a text', item({ BOOL: 'true' }), 'REGISTRY_UNREADABLE', 1],
  ['a null that is a text', item({ NULL: 'true' }), 'REGISTRY_UNREADABLE', 1],
  ['bytes that are no base64', item({ B: 'a' }), 'REGISTRY_UNREADABLE', 1],
  ['a set with a number', item({ SS: [1] }), 'REGISTRY_UNREADABLE', 1],
  ['a set that is none', item({ NS: 'x' }), 'REGISTRY_UNREADABLE', 1],
  ['a set of bytes that are none', item({ BS: ['?'] }), 'REGISTRY_UNREADABLE', 1],
  ['a list that is none', item({ L: {} }), 'REGISTRY_UNREADABLE', 1],
  ['a map that is a list', item({ M: [] }), 'REGISTRY_UNREADABLE', 1],
  ['a list of what is no attribute', item({ L: ['x'] }), 'REGISTRY_UNREADABLE', 1],
  ['a map of what is no attribute', item({ M: { x: 1 } }), 'REGISTRY_UNREADABLE', 1],
  ['attributes 33 deep', item(nested(33)), 'REGISTRY_UNREADABLE', 1],
  ['capacity that is none', json(200, { ConsumedCapacity: 5 }), 'REGISTRY_UNREADABLE', 1],
  [
    'a key of a next page that is none',
    json(200, { LastEvaluatedKey: { pk: 'x' } }),
    'REGISTRY_UNREADABLE',
    1,
  ],
]

describe.each(faults)('%s', (_, answer, code, attempts) => {
  const asking = () => query(code === 'REGISTRY_TIMEOUT' ? impatient : calls)
  const failure = () =>
    asking().then(
      () => undefined,
      (thrown: unknown) => dynamoFault(thrown, 'Query'),
    )

  test(`is ${code} after ${attempts}`, async () => {
    stub.answerWith(answer)
    await expect(failure()).resolves.toMatchObject({ name: 'Fault', code })
    expect(stub.requests).toHaveLength(attempts)
  })

  test('shows nothing of what was sent or answered', async () => {
    stub.answerWith(answer)
    const fault = await failure()
    expect(JSON.stringify(fault, Object.getOwnPropertyNames(fault))).not.toContain(SECRET)
  })
})

test.each([
  ['tables that are none', { Responses: [] }],
  ['a table without a list', { Responses: { registry: {} } }],
  ['keys left that are none', { UnprocessedKeys: 'x' }],
  ['capacity that is no list', { ConsumedCapacity: {} }],
])('%s in the answer to a BatchGetItem cannot be read', async (_, body) => {
  stub.answerWith(json(200, body))
  await expect(batchGet()).rejects.toMatchObject({ name: 'UnreadableAnswer' })
})

test('attributes that cannot be read are no write', async () => {
  stub.answerWith(json(200, { Attributes: { x: 1 } }))
  await expect(update()).rejects.toMatchObject({ name: 'UnreadableAnswer' })
  stub.answerWith(error(400, 'ConditionalCheckFailedException', { Item: { x: 1 } }))
  await expect(update()).rejects.toMatchObject({ name: 'UnreadableAnswer' })
})

test('attributes 32 deep are read', async () => {
  stub.answerWith(item(nested(32)))
  await expect(query()).resolves.toMatchObject({ Items: [{ x: nested(32) }] })
})

test('an answer without end is given up, long before it fills the memory', async () => {
  let closed = false
  stub.answerWith((response) => {
    const chunk = Buffer.alloc(1024 * 1024, ' ')
    const pour = (): void => {
      while (!closed && response.write(chunk));
      if (!closed) response.once('drain', pour)
    }
    response.on('close', () => {
      closed = true
    })
    response.writeHead(200)
    pour()
  })
  const thrown = await query().catch((failure: unknown) => failure)
  expect(thrown).toMatchObject({ name: 'AnswerTooLarge' })
  expect(dynamoFault(thrown, 'Query').code).toBe('REGISTRY_UNREADABLE')
  expect(stub.requests).toHaveLength(1)
})
