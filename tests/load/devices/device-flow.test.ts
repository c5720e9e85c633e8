import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { DeviceKind, Fleet } from '../fleet/fleet.ts'
import type { Sample } from '../measure/sample.ts'
import type { ScenarioName } from '../scenarios/scenario.ts'
import { createDeviceFlow, type OutgoingRequest, type VirtualUser } from './device-flow.ts'

const device = (kind: DeviceKind, name: string, thingName = name) => ({
  ...{ kind, name, thingName, tenantId: 'load-quiet' },
  ...{ certificatePem: `certificate of ${name}`, privateKeyPem: `key of ${name}` },
})

const FLEET: Fleet = {
  ...{ version: 1, roleAlias: 'load', budget: { perSecond: 1, burst: 1 }, expiredFrom: 0 },
  serverCaPem: 'authority',
  devices: [
    device('wrong-thing', 'wrong-thing-1', 'good-1'),
    device('good', 'good-1'),
    device('good', 'good-2'),
    device('noisy', 'noisy-1'),
  ],
}

/** A flow as artillery drives it, with a clock that goes a second on each time it is read. */
function drive(scenario: ScenarioName, fleet: Fleet = FLEET) {
  const samples: Sample[] = []
  const pauses: number[] = []
  const events = new EventEmitter()
  let now = 0
  let requests = 0
  const flow = createDeviceFlow({
    ...{ fleet, scenario },
    record: (sample) => samples.push(sample),
    now: () => (now += 1000),
    random: () => 0.5,
    sleep: async (milliseconds) => pauses.push(milliseconds),
  })
  const wake = async () => {
    const user: VirtualUser = {}
    await flow.wake(user)
    return user
  }
  const present = (user: VirtualUser): OutgoingRequest => {
    const request = { uuid: String(requests++) }
    flow.present(request, user, events, () => undefined)
    return request
  }
  const answer = (user: VirtualUser, statusCode: number, headers = {}, socket = new Socket()) => {
    const request = present(user)
    events.emit('trace:http:response', { socket }, request.uuid)
    const timings = { phases: { firstByte: 7 } }
    flow.answered(request, { statusCode, headers, socket, timings }, user, events, () => undefined)
    return request
  }
  const triesAgain = (user: VirtualUser) =>
    new Promise((resolve) => flow.isToTryAgain(user, resolve))
  return { flow, samples, pauses, events, wake, present, answer, triesAgain }
}

test('each virtual user is the next device, and shows its certificate, its key and its thing', async () => {
  const { wake, present } = drive('boot')
  const shown = [present(await wake()), present(await wake()), present(await wake())]
  expect(shown.map(({ headers }) => headers?.['x-amzn-iot-thingname'])).toEqual([
    ...['good-1', 'good-2', 'good-1'],
  ])
  expect(shown[1]?.https).toEqual({
    certificate: 'certificate of good-2',
    key: 'key of good-2',
    certificateAuthority: 'authority',
  })
})

test('a device that lies shows its own certificate and the name of another', async () => {
  const { wake, present } = drive('bad-devices')
  const [, bad] = [await wake(), await wake()]
  expect(present(bad!)).toMatchObject({
    headers: { 'x-amzn-iot-thingname': 'good-1' },
    https: { certificate: 'certificate of wrong-thing-1' },
  })
})

test('an authority that Node knows is not named', async () => {
  const { serverCaPem: _, ...fleet } = FLEET
  const { wake, present } = drive('boot', fleet)
  expect(present(await wake()).https).not.toHaveProperty('certificateAuthority')
})

test('a fleet without a device of a part is told', async () => {
  const { wake } = drive('boot', { ...FLEET, devices: [] })
  await expect(wake()).rejects.toThrow('no good device')
})

test('an answer is recorded with its times, and no secret', async () => {
  const { wake, answer, samples } = drive('boot')
  answer(await wake(), 200)
  expect(samples).toEqual([
    {
      ...{ arrival: 0, kind: 'good', device: 'good-1', tenantId: 'load-quiet', attempt: 1 },
      ...{ wokeAt: 1000, sentAt: 2000, endedAt: 3000, refusedConnections: 0 },
      ...{ status: 200, answerMs: 7, connection: 'full' },
    },
  ])
  expect(JSON.stringify(samples)).not.toMatch(/certificate of|key of/)
})

test('a connection that carries a second request was kept', async () => {
  const { wake, answer, samples } = drive('steady')
  const socket = new Socket()
  answer(await wake(), 200, {}, socket)
  answer(await wake(), 200, {}, socket)
  expect(samples.map(({ connection }) => connection)).toEqual(['full', 'kept'])
})

test('a failure of which artillery tells twice is recorded once, by its code', async () => {
  const { flow, wake, present, samples, events } = drive('boot')
  const user = await wake()
  const request = present(user)
  const error = Object.assign(new Error('secret words'), { code: 'ECONNRESET' })
  for (const _ of [1, 2]) flow.failed(error, request, user, events, () => undefined)
  expect(samples).toHaveLength(1)
  expect(samples[0]).toMatchObject({ error: 'ECONNRESET', attempt: 1 })
  expect(samples[0]).not.toHaveProperty('status')
  expect(JSON.stringify(samples)).not.toContain('secret')
})

describe('in a storm', () => {
  test.each([429, 503])('who gets %i waits as told, and a random time more', async (status) => {
    const { flow, wake, answer, pauses, triesAgain, samples } = drive('storm')
    const user = await wake()
    answer(user, status, { 'retry-after': '3' })
    await flow.waitAsTold(user)
    expect(pauses).toEqual([3250])
    expect(await triesAgain(user)).toBe(true)
    answer(user, 200)
    await flow.waitAsTold(user)
    expect(pauses).toHaveLength(1)
    expect(await triesAgain(user)).toBe(false)
    expect(samples.map(({ attempt, wokeAt }) => [attempt, wokeAt])).toEqual([
      [1, 1000],
      [2, 1000],
    ])
    expect(samples[0]?.retryAfterSeconds).toBe(3)
  })

  test.each([200, 403, 500])('who gets %i does not come back', async (status) => {
    const { wake, answer, triesAgain } = drive('storm')
    const user = await wake()
    answer(user, status)
    expect(await triesAgain(user)).toBe(false)
  })

  test('nobody comes back for ever', async () => {
    const { wake, answer, triesAgain } = drive('storm')
    const user = await wake()
    for (let attempt = 1; attempt < 50; attempt++) answer(user, 503)
    expect(await triesAgain(user)).toBe(true)
    answer(user, 503)
    expect(await triesAgain(user)).toBe(false)
  })
})

test('half of a steady fleet keeps its connections, the other half resumes; who boots shares none', async () => {
  const steady = drive('steady')
  const [odd, even, oddAgain] = [await steady.wake(), await steady.wake(), await steady.wake()]
  expect(odd!._httpsAgent).toBe(oddAgain!._httpsAgent)
  expect(odd!._httpsAgent).not.toBe(even!._httpsAgent)
  const boot = drive('boot')
  const [first, second] = [await boot.wake(), await boot.wake()]
  expect(first!._httpsAgent).not.toBe(second!._httpsAgent)
})
