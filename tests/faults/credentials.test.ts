import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { DEVICE_TABLE, type DeviceCall } from './device-table.ts'
import {
  createFaultyHandler,
  EACH_WAY,
  eventOf,
  startDeviceWorld,
  type Way,
} from './device-world.ts'
import { rowsOf } from './fault-kind.ts'
import { SAID } from './wire.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

const PATH = '/role-aliases/demo-camera/credentials'
const WHOLE_ANSWER_MS = 3000
/** A machine that does other things may be late by itself; twice more in a row it is not. */
const BUSY = { retry: 2 }

let world: Awaited<ReturnType<typeof startDeviceWorld>>
beforeAll(async () => {
  world = await startDeviceWorld()
})
afterAll(() => world.close())

async function askUnder(way: Way, call: DeviceCall, kind: Parameters<typeof spoilOf>[2]) {
  const services = await world.startServices(way)
  try {
    const service = spoilOf(services, call, kind)
    const { handler, audits, told } = createFaultyHandler(services)
    const begun = performance.now()
    const headers = { 'x-amzn-iot-thingname': 'faulty-1' }
    const answer = await handler(eventOf(PATH, world.certificatePem, headers))
    const took = performance.now() - begun
    return { answer, audits, told, took, spoiled: service.spoiled() }
  } finally {
    await services.close()
  }
}

function spoilOf(
  { dynamo, sts }: Awaited<ReturnType<typeof world.startServices>>,
  call: DeviceCall,
  kind: (typeof rows)[number][1],
) {
  if (call === 'AssumeRole') {
    sts.spoil(call, kind)
    return sts
  }
  dynamo.spoil(call, kind)
  return dynamo
}

const rows = rowsOf(DEVICE_TABLE)
const rowsOfEachWay = EACH_WAY.flatMap((way) => rows.map((row) => [way, ...row] as const))

describe.concurrent('a request for credentials', BUSY, () => {
  test.each(rowsOfEachWay)('by %s, while %s meets %s', async (way, call, kind, expected) => {
    const [status, fault] = expected
    const { answer, audits, told, took, spoiled } = await askUnder(way, call, kind)
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
