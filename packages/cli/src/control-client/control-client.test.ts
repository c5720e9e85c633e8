import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreateThingCommand, DescribeThingCommand } from '@aws-sdk/client-iot'
import { startControlPlane } from '@thingpass/local/control/start-control-plane'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startSignedUpstream, UPSTREAM_KEYS } from '../../testing/signed-upstream.ts'
import { createControlClient } from './control-client.ts'
import { createIotClient } from './iot-client.ts'
import { type ControlTarget, parseTarget } from './target.ts'

let upstream: Awaited<ReturnType<typeof startSignedUpstream>>
beforeAll(async () => {
  upstream = await startSignedUpstream((request, response) => {
    if (request.path.endsWith('/refused')) {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' })
      response.end('{"message":"no such thing"}')
    } else if (request.path.endsWith('/empty')) response.end()
    else if (request.path.endsWith('/page')) response.writeHead(502).end('<html>')
    else response.end('{"thingName":"a"}')
  })
})
afterAll(() => upstream.close())
beforeEach(() => {
  upstream.requests.length = 0
})

function targetOf(endpoint: string, tenant = 'default', region = 'eu-central-1'): ControlTarget {
  const target = parseTarget({ endpoint, tenant, region }, {})
  if ('problem' in target) throw new Error(target.problem)
  return target
}
const findAccessKeys = async () => UPSTREAM_KEYS
const clock = () => new Date()
const client = (target: ControlTarget = targetOf(`${upstream.url}/live`, 'acme')) =>
  createControlClient({ target, findAccessKeys, clock })

test('a call is signed for execute-api, with stage, tenant, encoding and query as they are', async () => {
  const answer = await client()({
    method: 'POST',
    path: '/attached-policies/arn%3Aaws%2Fx',
    query: 'pageSize=1&marker=a%2Bb',
    headers: { 'x-amzn-principal': 'arn' },
    body: { ü: 1 },
  })
  expect(answer).toEqual({ ok: true, json: { thingName: 'a' } })
  expect(upstream.requests).toMatchObject([
    {
      method: 'POST',
      path: '/live/t/acme/attached-policies/arn%3Aaws%2Fx',
      query: 'pageSize=1&marker=a%2Bb',
      body: Buffer.from('{"ü":1}'),
      verification: { verified: true, service: 'execute-api', region: 'eu-central-1' },
    },
  ])
  expect(upstream.requests[0]?.headers.get('content-type')).toEqual(['application/json'])
})

test('a refusal is told with code, message and status', async () => {
  expect(await client()({ method: 'GET', path: '/refused' })).toEqual({
    ok: false,
    error: { code: 'ResourceNotFoundException', message: 'no such thing', status: 404 },
  })
})

test('an answer that is no JSON is an error by its status', async () => {
  expect(await client()({ method: 'GET', path: '/page' })).toEqual({
    ok: false,
    error: { code: 'Unknown', message: 'HTTP 502', status: 502 },
  })
})

test('an empty answer is an empty object', async () => {
  expect(await client()({ method: 'GET', path: '/empty' })).toEqual({ ok: true, json: {} })
})

test('the local control plane takes the same signature', async () => {
  const server = await startControlPlane({
    ...{ accountId: '123456789012', region: 'us-east-1', clock, log: () => undefined },
    accessKeys: [{ profile: 'default', accessKeyId: 'AKIALOCAL', secretAccessKey: 's' }],
    handler: async ({ path }) => ({ statusCode: 200, body: JSON.stringify({ path }) }),
  })
  const target = targetOf(server.url, 'acme', 'us-east-1')
  const keys = async () => ({ accessKeyId: 'AKIALOCAL', secretAccessKey: 's' })
  const call = createControlClient({ target, findAccessKeys: keys, clock })
  const answer = await call({ method: 'GET', path: '/things' })
  await server.close()
  expect(answer).toEqual({ ok: true, json: { path: '/t/acme/things' } })
})

test('where nothing listens, that is said with its place', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()))
  const { port } = taken.address() as AddressInfo
  await new Promise((resolve) => taken.close(resolve))
  expect(await client(targetOf(`http://127.0.0.1:${port}`))({ method: 'GET', path: '/' })).toEqual({
    problem: `no control plane at http://127.0.0.1:${port}: nothing listens there`,
  })
})

test('one that never answers is given up', async () => {
  const silent = await startSignedUpstream(() => undefined)
  const target = targetOf(silent.url)
  const limits = { connectMilliseconds: 1000, totalMilliseconds: 50, bodyBytes: 100 }
  const call = createControlClient({ target, findAccessKeys, clock, limits })
  const answer = await call({ method: 'GET', path: '/' })
  await silent.close()
  expect(answer).toEqual({ problem: expect.stringContaining('no answer came in time') })
})

test('without keys nothing is sent', async () => {
  const problem = { problem: 'no keys' }
  const target = targetOf(upstream.url)
  const call = createControlClient({ target, findAccessKeys: async () => problem, clock })
  expect(await call({ method: 'GET', path: '/things' })).toBe(problem)
  expect(upstream.requests).toEqual([])
})

test('a query that cannot be signed is not sent', async () => {
  expect(await client()({ method: 'GET', path: '/things', query: '%zz' })).toEqual({
    problem: 'the query of the request is malformed',
  })
  expect(upstream.requests).toEqual([])
})

test("AWS's own client signs for execute-api and keeps the tenant's prefix", async () => {
  const iot = createIotClient(targetOf(`${upstream.url}/live`, 'acme'), findAccessKeys)
  const { thingName } = await iot.send(new DescribeThingCommand({ thingName: 'a:b' }))
  await iot.send(new CreateThingCommand({ thingName: 'a' }))
  iot.destroy()
  expect(thingName).toBe('a')
  expect(upstream.requests).toMatchObject([
    { path: '/live/t/acme/things/a%3Ab', verification: { service: 'execute-api' } },
    { path: '/live/t/acme/things/a', verification: { service: 'execute-api' } },
  ])
})

test("AWS's own client signs for iot on demand, which a deployment refuses", async () => {
  const target = targetOf(upstream.url)
  const iot = createIotClient(target, findAccessKeys, { signingName: 'iot', maxAttempts: 1 })
  const call = iot.send(new DescribeThingCommand({ thingName: 'a' }))
  await expect(call).rejects.toMatchObject({ message: 'service-not-accepted' })
  iot.destroy()
})

test("AWS's own client rejects with the problem where there are no keys", async () => {
  const iot = createIotClient(targetOf(upstream.url), async () => ({ problem: 'no keys' }))
  const call = iot.send(new DescribeThingCommand({ thingName: 'a' }))
  await expect(call).rejects.toThrow('no keys')
  iot.destroy()
})
