import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startSignedUpstream, UPSTREAM_KEYS } from '../../testing/signed-upstream.ts'
import { parseTarget } from '../control-client/target.ts'
import { createSendApi } from './send-api.ts'

let upstream: Awaited<ReturnType<typeof startSignedUpstream>>
const answer = { status: 200, code: '', body: '{"thingName":"a"}' }
beforeAll(async () => {
  upstream = await startSignedUpstream((_, response) => {
    response.writeHead(answer.status, { 'x-amzn-errortype': answer.code }).end(answer.body)
  })
})
afterAll(() => upstream.close())
beforeEach(() => {
  upstream.requests.length = 0
  Object.assign(answer, { status: 200, code: '', body: '{"thingName":"a"}' })
})

function open(keys: Parameters<typeof createSendApi>[0]['findAccessKeys'], maxAttempts = 1) {
  const target = parseTarget(
    { endpoint: `${upstream.url}/live`, tenant: 'acme', region: 'eu-central-1' },
    {},
  )
  if ('problem' in target) throw new Error(target.problem)
  const clock = () => new Date()
  return createSendApi({ target, findAccessKeys: keys, clock, settings: { maxAttempts } })
}
const DESCRIBE = { operation: 'DescribeThing', input: { thingName: 'a/b' } } as const

test('operations of AWS and routes of ours are sent alike, signed, below stage and tenant', async () => {
  const send = open(async () => UPSTREAM_KEYS)
  expect(await send(DESCRIBE)).toEqual({ ok: true, json: { thingName: 'a' } })
  await send({ method: 'GET', path: '/thingpass/x' })
  expect(upstream.requests).toMatchObject([
    { path: '/live/t/acme/things/a%2Fb', verification: { verified: true } },
    { path: '/live/t/acme/thingpass/x', verification: { verified: true } },
  ])
})

test('a refusal is told with code, message and status', async () => {
  Object.assign(answer, {
    ...{ status: 404, code: 'ResourceNotFoundException', body: '{"message":"no"}' },
  })
  expect(await open(async () => UPSTREAM_KEYS)(DESCRIBE)).toEqual({
    ok: false,
    error: { code: 'ResourceNotFoundException', message: 'no', status: 404 },
  })
})

test.each([1, 2])('what fails for the moment is tried %i times', async (attempts) => {
  Object.assign(answer, { status: 503, code: 'ServiceUnavailableException', body: '{}' })
  expect(await open(async () => UPSTREAM_KEYS, attempts)(DESCRIBE)).toMatchObject({
    error: { code: 'ServiceUnavailableException', message: 'HTTP 503' },
  })
  expect(upstream.requests).toHaveLength(attempts)
})

test('without keys nothing is sent, and why is told', async () => {
  expect(await open(async () => ({ problem: 'no keys here' }))(DESCRIBE)).toEqual({
    problem: 'no keys here',
  })
  expect(upstream.requests).toEqual([])
})
