import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { parseRegion } from '@thingpass/core/names'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type StubService, startStubService } from '../../testing/stub-service.ts'
import { REGISTRY_LIMITS } from '../call-limits.ts'
import type { CallLimits } from '../call-settings.ts'
import { serviceFailure } from '../service-failure.ts'
import { readJsonAnswer } from './json-answer.ts'
import { createSignedCall, type SignedCall } from './signed-call.ts'
import type { WireAnswer } from './wire-answer.ts'

const NOON = new Date('2030-01-01T12:00:00Z')

let stub: StubService
let opened: SignedCall[]

beforeAll(async () => {
  stub = await startStubService()
})
beforeEach(() => {
  opened = []
})
afterEach(() => {
  for (const call of opened) call.close()
})
afterAll(() => stub.stop())

function open(limits: Partial<CallLimits> = {}, random = () => 0, endpoint = stub.endpoint) {
  const call = createSignedCall(
    {
      region: parseRegion('us-east-1')!,
      endpoint,
      credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
      clock: () => NOON,
      random,
    },
    {
      service: 'dynamodb',
      limits: { ...REGISTRY_LIMITS, ...limits },
      largestAnswerBytes: 1000,
    },
  )
  opened.push(call)
  return (signal = new AbortController().signal) =>
    call.send({ headers: {}, body: '{}' }, signal, read)
}

function read(answer: WireAnswer): unknown {
  const json = readJsonAnswer(answer)
  if (!json.ok) throw json.error
  return json.body
}

const refuse = (status: number, code: string, date = NOON) => ({
  status,
  body: JSON.stringify({ code }),
  headers: { date: date.toUTCString() },
})
const GOOD = { status: 200, body: '{}', headers: {} }
type Canned = { status: number; body: string; headers: Record<string, string> }

/** Answers one after the other; the last one again and again. */
function answerWith(...answers: readonly Canned[]): void {
  stub.answerWith((response, attempt) => {
    const { status, body, headers } = answers[Math.min(attempt, answers.length) - 1]!
    response.writeHead(status, headers).end(body)
  })
}

describe('a call that fails in passing', () => {
  test.each([
    ['a server error', refuse(500, 'InternalServerError')],
    ['throttling', refuse(400, 'ThrottlingException')],
  ])('succeeds at its second attempt after %s', async (_, first) => {
    answerWith(first, GOOD)
    await expect(open()()).resolves.toEqual({})
    expect(stub.requests).toHaveLength(2)
  })

  test('is tried as often as the limits say, and no more', async () => {
    answerWith(refuse(500, 'InternalServerError'))
    await expect(open({ maxAttempts: 1 })()).rejects.toThrow()
    expect(stub.requests).toHaveLength(1)
    await expect(open({ maxAttempts: 3 })()).rejects.toThrow()
    expect(stub.requests).toHaveLength(1 + 3)
  })

  test('is signed anew for each attempt', async () => {
    answerWith(refuse(500, 'InternalServerError'), GOOD)
    await open()()
    expect(stub.requests.map(({ headers }) => headers.authorization)).toHaveLength(2)
  })

  test.each([
    ['longer after throttling', refuse(400, 'ThrottlingException'), 1000],
    ['for a moment after anything else', refuse(500, 'InternalServerError'), 50],
  ])('pauses %s, by a share that is drawn', async (_, first, longestMs) => {
    answerWith(first, GOOD)
    const begun = performance.now()
    await open({}, () => 0.1)()
    const took = performance.now() - begun
    expect(took).toBeGreaterThanOrEqual(longestMs * 0.1 - 2)
  })

  test('is not tried again once the signal has aborted', async () => {
    const controller = new AbortController()
    stub.answerWith(() => controller.abort())
    const failed = open()(controller.signal)
    await expect(failed).rejects.toMatchObject({ name: 'AbortError' })
    expect(stub.requests).toHaveLength(1)
  })

  test('costs no retry of others when its own time was over', async () => {
    const send = open()
    for (let call = 0; call < 60; call++) {
      const controller = new AbortController()
      stub.answerWith(() => controller.abort())
      await expect(send(controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
    }
    answerWith(refuse(500, 'InternalServerError'), GOOD)
    await expect(send()).resolves.toEqual({})
  })

  test('ends in its pause when the signal aborts', async () => {
    const controller = new AbortController()
    stub.answerWith((response) => {
      response.writeHead(400).end('{"code":"ThrottlingException"}')
      setTimeout(() => controller.abort(), 20)
    })
    await expect(open({}, () => 1)(controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
    expect(stub.requests).toHaveLength(1)
  })

  test('is tried no more when a hundred retries have not helped', async () => {
    answerWith(refuse(500, 'InternalServerError'))
    const send = open()
    for (let call = 0; call < 100; call++) await send().catch(() => undefined)
    expect(stub.requests).toHaveLength(200)
    await expect(send()).rejects.toThrow()
    expect(stub.requests).toHaveLength(201)
  })
})

test('a refused request is not tried again', async () => {
  answerWith(refuse(400, 'ValidationException'))
  await expect(open()()).rejects.toMatchObject({ name: 'ValidationException' })
  expect(stub.requests).toHaveLength(1)
})

describe('credentials that are refused', () => {
  const TEN_MINUTES_ON = new Date(NOON.getTime() + 600_000)
  const skewed = refuse(403, 'InvalidSignatureException', TEN_MINUTES_ON)
  const dates = () => stub.requests.map(({ headers }) => headers['x-amz-date'])

  test("are signed by the service's clock where ours is far from it, from then on", async () => {
    answerWith(skewed, GOOD)
    const send = open()
    await send()
    await send()
    expect(dates()).toEqual(['20300101T120000Z', '20300101T121000Z', '20300101T121000Z'])
  })

  test.each([
    ['agrees', NOON],
    ['is a little off', new Date(NOON.getTime() + 239_000)],
  ])('are refused where the clock %s', async (_, date) => {
    answerWith(refuse(403, 'InvalidSignatureException', date))
    await expect(open()()).rejects.toSatisfy(
      (thrown) => serviceFailure(thrown).kind === 'credentials-refused',
    )
    expect(stub.requests).toHaveLength(1)
  })

  test('are refused when they still are by the clock of the service', async () => {
    answerWith(skewed)
    await expect(open({ maxAttempts: 5 })()).rejects.toThrow()
    expect(stub.requests).toHaveLength(2)
  })

  test('are refused where the service tells no time', async () => {
    answerWith({ ...skewed, headers: { date: 'now' } })
    await expect(open()()).rejects.toThrow()
    expect(stub.requests).toHaveLength(1)
  })

  test('a clock that is off is of no interest while requests succeed', async () => {
    answerWith({ ...GOOD, headers: { date: TEN_MINUTES_ON.toUTCString() } })
    const send = open()
    await send()
    await send()
    expect(dates()).toEqual(['20300101T120000Z', '20300101T120000Z'])
  })
})

describe('limits', () => {
  test('a request that has aborted before it began is not sent', async () => {
    answerWith(GOOD)
    await expect(open()(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
    expect(stub.requests).toHaveLength(0)
  })

  test('a connection that does not come about is given up', async () => {
    const full = await startFullServer()
    try {
      const limits = { connectionMs: 50, requestMs: 60_000, socketMs: 60_000, maxAttempts: 1 }
      const begun = performance.now()
      await expect(open(limits, () => 0, full.endpoint)()).rejects.toMatchObject({
        name: 'TimeoutError',
      })
      expect(performance.now() - begun).toBeLessThan(5000)
    } finally {
      full.stop()
    }
  })

  test('an answer that does not begin is given up, though the connection is not silent for long', async () => {
    stub.answerWith(() => undefined)
    const send = open({ requestMs: 50, socketMs: 60_000, maxAttempts: 1 })
    const begun = performance.now()
    await expect(send()).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(performance.now() - begun).toBeLessThan(5000)
  })

  test('calls share no more connections than the limits say', async () => {
    answerWith(GOOD)
    const send = open({ maxSockets: 2 })
    await Promise.all(Array.from({ length: 10 }, () => send()))
    expect(stub.connections()).toBe(2)
  })

  test.each([
    ['answered', (response: ServerResponse) => response.end('{}')],
    ['failed', (response: ServerResponse) => response.destroy()],
  ])('a call that has %s leaves no timer behind', async (_, answer) => {
    stub.answerWith(answer)
    const send = open({ maxAttempts: 1 })
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')
    const before = timers().length
    await send().catch(() => undefined)
    expect(timers()).toHaveLength(before)
  })
})

const FULL_SERVER = `require('net').createServer().listen(0, '127.0.0.1', 1, function () {
  console.log(this.address().port)
})`

/** A server that is stopped with its queue full: who connects to it waits. */
async function startFullServer() {
  const child = spawn(process.execPath, ['-e', FULL_SERVER], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)))
  child.kill('SIGSTOP')
  const queue = Array.from({ length: 8 }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  )
  await Promise.race(queue.map((socket) => once(socket, 'connect')))
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () => {
      for (const socket of queue) socket.destroy()
      child.kill('SIGKILL')
    },
  }
}
