import type { FaultCode } from '@thingpass/core/fault'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createFaultyHandler, eventOf, startDeviceWorld } from './device-world.ts'
import { type FaultTable, rowsOf } from './fault-kind.ts'
import { type DynamoCall, SAID, type StsCall } from './wire.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

/** Status, and the fault of the audit record; none where credentials are given all the same. */
type Expected = readonly [200] | readonly [500 | 503, FaultCode]
type Call = Extract<DynamoCall, 'Query' | 'BatchGetItem' | 'UpdateItem'> | StsCall

const REGISTRY = {
  error: [503, 'REGISTRY_UNAVAILABLE'],
  throttle: [503, 'REGISTRY_THROTTLED'],
  timeout: [503, 'REGISTRY_TIMEOUT'],
  reset: [503, 'REGISTRY_UNAVAILABLE'],
  slow: [200],
  empty: [500, 'REGISTRY_UNREADABLE'],
  malformed: [500, 'REGISTRY_UNREADABLE'],
  'wrong-type': [500, 'REGISTRY_UNREADABLE'],
} as const

const TABLE: FaultTable<Call, Expected> = {
  Query: REGISTRY,
  BatchGetItem: REGISTRY,
  UpdateItem: REGISTRY,
  AssumeRole: {
    error: [503, 'STS_UNAVAILABLE'],
    throttle: [503, 'STS_THROTTLED'],
    timeout: [503, 'STS_TIMEOUT'],
    reset: [503, 'STS_UNAVAILABLE'],
    slow: [200],
    empty: [500, 'STS_UNREADABLE'],
    malformed: [500, 'STS_UNREADABLE'],
    'wrong-type': [500, 'STS_UNREADABLE'],
  },
}
const PATH = '/role-aliases/demo-camera/credentials'
const WHOLE_ANSWER_MS = 3000
/** A machine that does other things may be late by itself; twice more in a row it is not. */
const BUSY = { retry: 2 }

let world: Awaited<ReturnType<typeof startDeviceWorld>>
beforeAll(async () => {
  world = await startDeviceWorld()
})
afterAll(() => world.close())

async function askUnder(call: Call, kind: Parameters<typeof spoilOf>[2]) {
  const services = await world.startServices()
  try {
    const service = spoilOf(services, call, kind)
    const { handler, audits, told } = createFaultyHandler(services)
    const begun = performance.now()
    const headers = { 'x-amzn-iot-thingname': 'faulty-1' }
    const answer = await handler(eventOf(PATH, world.certificatePem, headers), {
      path: PATH,
      rawHeaders: [],
    })
    const took = performance.now() - begun
    return { answer, audits, told, took, spoiled: service.spoiled() }
  } finally {
    await services.close()
  }
}

function spoilOf(
  { dynamo, sts }: Awaited<ReturnType<typeof world.startServices>>,
  call: Call,
  kind: (typeof rows)[number][1],
) {
  if (call === 'AssumeRole') {
    sts.spoil(call, kind)
    return sts
  }
  dynamo.spoil(call, kind)
  return dynamo
}

const rows = rowsOf(TABLE)

describe.concurrent('a request for credentials', BUSY, () => {
  test.each(rows)('while %s meets %s', async (call, kind, [status, fault]) => {
    const { answer, audits, told, took, spoiled } = await askUnder(call, kind)
    expect(spoiled).toBeGreaterThan(0)
    expect(answer.statusCode).toBe(status)
    expect(took).toBeLessThan(WHOLE_ANSWER_MS)
    const decision = fault === undefined ? 'allow' : 'fault'
    expect(audits).toMatchObject([{ decision, status, ...(fault && { fault }) }])
    const hasCredentials = String(answer.body).includes('secretAccessKey')
    expect(hasCredentials).toBe(fault === undefined)
    expect(Object.hasOwn(answer.headers ?? {}, 'retry-after')).toBe(status === 503)
    expect(told.filter((line) => fault !== undefined && line.includes(fault))).toHaveLength(
      fault === undefined ? 0 : 1,
    )
    expect(JSON.stringify([answer, audits, told])).not.toContain(SAID)
  })
})
