import { createDynamoClient } from '@thingpass/aws/clients'
import { findContradictions } from '@thingpass/aws/testing/registry-contradictions'
import { readRegistry } from '@thingpass/aws/testing/registry-walk'
import type { FaultCode } from '@thingpass/core/fault'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { fleetOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { type Operation, startControlFunction } from './control-world.ts'
import { KEYS, REGION, TABLE } from './device-world.ts'
import { type FaultKind, type FaultTable, rowsOf } from './fault-kind.ts'
import { prepareNextUpload, prepareUpload } from './revocation-upload.ts'
import { ROLE } from './stand-ins.ts'
import { type DynamoCall, type IamCall, type KmsCall, SAID } from './wire.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

/** Status, and the fault that operators are told; none where the operation is done all the same. */
type Expected = readonly [200] | readonly [500 | 503, FaultCode]
type Call = Exclude<DynamoCall, 'UpdateItem'> | IamCall | KmsCall
type Prefix = 'REGISTRY' | 'IAM' | 'KMS'

const expected = <Service extends Prefix>(service: Service) =>
  ({
    error: [503, `${service}_UNAVAILABLE`],
    throttle: [503, `${service}_THROTTLED`],
    timeout: [503, `${service}_TIMEOUT`],
    reset: [503, `${service}_UNAVAILABLE`],
    slow: [200],
    empty: [500, `${service}_UNREADABLE`],
    malformed: [500, `${service}_UNREADABLE`],
    'wrong-type': [500, `${service}_UNREADABLE`],
  }) as const

/** A list is in force before the one before it is cleared away; what is left of that goes with the next upload. */
const DONE = [200] as const
const NO_MATTER = {
  ...{ error: DONE, throttle: DONE, timeout: DONE, reset: DONE },
  ...{ slow: DONE, empty: DONE, malformed: DONE, 'wrong-type': DONE },
}

const EXPECTED: FaultTable<Call, Expected> = {
  GetItem: expected('REGISTRY'),
  Query: expected('REGISTRY'),
  BatchGetItem: expected('REGISTRY'),
  TransactWriteItems: expected('REGISTRY'),
  // A throttled batch is sent again for as long as the function has time.
  BatchWriteItem: { ...expected('REGISTRY'), throttle: [503, 'DEADLINE_EXCEEDED'] },
  PutItem: expected('REGISTRY'),
  DeleteItem: NO_MATTER,
  GetRole: expected('IAM'),
  SimulatePrincipalPolicy: expected('IAM'),
  GetPublicKey: expected('KMS'),
  Sign: expected('KMS'),
}

/** An operation that makes the call. */
const OPERATIONS: Readonly<Record<Call, (name: string) => Operation | Promise<Operation>>> = {
  GetItem: () => ({ method: 'GET', path: '/things/camera-1' }),
  Query: () => ({ method: 'GET', path: '/things' }),
  BatchGetItem: () => ({
    method: 'POST',
    path: '/thingpass/explain',
    body: { certificateId, roleAlias: 'demo-camera' },
  }),
  TransactWriteItems: (name) => ({ method: 'POST', path: `/things/${name}`, body: {} }),
  BatchWriteItem: (name) => prepareUpload(stack, name),
  PutItem: (name) => prepareUpload(stack, name),
  DeleteItem: (name) => prepareNextUpload(stack, name),
  GetRole: (name) => aliasNamed(name),
  SimulatePrincipalPolicy: (name) => aliasNamed(name),
  GetPublicKey: () => certificate(),
  Sign: () => certificate(),
}
const DOCUMENT =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}'
const aliasNamed = (name: string): Operation => ({
  method: 'POST',
  path: `/role-aliases/${name}`,
  body: { roleArn: ROLE },
})
const certificate = (): Operation => ({ method: 'POST', path: '/keys-and-certificate', query: {} })
const WHOLE_ANSWER_MS = 3000
/** A machine that does other things may be late by itself; twice more in a row it is not. */
const BUSY = { retry: 2 }

let stack: TestStack
let certificateId: string
beforeAll(async () => {
  stack = await startTestStack()
  const device = { thing: 'explained', policies: ['camera-credentials'] }
  ;({ certificateId } = await fleetOf(stack, 'default').addDevice(device))
})
afterAll(() => stack.close())

async function under<Result>(
  call: Call,
  kind: FaultKind | 'lost',
  work: (running: Awaited<ReturnType<typeof startControlFunction>>) => Promise<Result>,
) {
  const running = await startControlFunction(stack.dynamodbUrl)
  try {
    const { dynamo, iam, kms } = running
    const services = {
      ...{ GetRole: iam, SimulatePrincipalPolicy: iam },
      GetPublicKey: kms,
      Sign: kms,
    }
    const service = call in services ? services[call as keyof typeof services] : dynamo
    ;(service as { spoil: (call: Call, kind: FaultKind | 'lost') => void }).spoil(call, kind)
    const result = await work(running)
    expect(service.spoiled()).toBeGreaterThan(0)
    return { result, faults: running.faults }
  } finally {
    await running.close()
  }
}

const rows = rowsOf(EXPECTED)

async function meets(call: Call, kind: FaultKind, [status, fault]: Expected) {
  const operation = await OPERATIONS[call](`n-${call}-${kind}`)
  const begun = performance.now()
  const { result, faults } = await under(call, kind, (running) => running.call(operation))
  const isUpload = call === 'BatchWriteItem' // of up to 100,000 entries, which throttling may hold up
  if (!isUpload) expect(performance.now() - begun).toBeLessThan(WHOLE_ANSWER_MS)
  expect([result.statusCode, ...faults.map(({ code }) => code)]).toEqual(
    fault === undefined ? [200] : [status, fault],
  )
  expect(Object.hasOwn(result.headers ?? {}, 'retry-after')).toBe(status === 503)
  expect(JSON.stringify([result, faults.map(({ message }) => message)])).not.toContain(SAID)
}

describe.concurrent('an operation of the control plane', BUSY, () => {
  test.each(rows)('while %s meets %s', meets)
})

describe.concurrent('an answer of TransactWriteItems that is lost after the commit', () => {
  // To create a policy twice is a conflict, as in AWS.
  const attempts: readonly (readonly [string, 200 | 409, Operation])[] = [
    ['a thing', 200, { method: 'POST', path: '/things/lost', body: {} }],
    [
      'a policy',
      409,
      { method: 'POST', path: '/policies/lost', body: { policyDocument: DOCUMENT } },
    ],
    ['a group', 200, { method: 'POST', path: '/thing-groups/lost', body: {} }],
  ]
  test.each(attempts)(
    'leaves %s made once: asked again it says %d',
    async (_, status, operation) => {
      const { result, faults } = await under('TransactWriteItems', 'lost', (running) =>
        running.call(operation),
      )
      expect(result.statusCode).toBe(503)
      expect(faults.map(({ code }) => code)).toEqual(['REGISTRY_UNAVAILABLE'])
      const again = await startControlFunction(stack.dynamodbUrl)
      try {
        expect((await again.call(operation)).statusCode).toBe(status)
      } finally {
        await again.close()
      }
    },
  )

  test('is asked for again, and nobody notices when the second arrives', async () => {
    const running = await startControlFunction(stack.dynamodbUrl)
    try {
      running.dynamo.spoil('TransactWriteItems', 'lost', 1)
      const body = { policyDocument: DOCUMENT }
      const answer = await running.call({ method: 'POST', path: '/policies/lost-once', body })
      expect([answer.statusCode, running.faults]).toEqual([200, []])
      expect(running.dynamo.spoiled()).toBe(1)
    } finally {
      await running.close()
    }
  })
})

test('after all of it nothing in the table contradicts anything', async () => {
  const options = { region: REGION, credentials: KEYS, endpoint: stack.dynamodbUrl }
  const client = createDynamoClient(options)
  try {
    expect(findContradictions(await readRegistry(client, TABLE))).toEqual([])
  } finally {
    client.destroy()
  }
})
