import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { describeRounds } from './calls.ts'
import { type Recordings, startUpstream } from './upstream.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A service that counts its calls and says that each took two units. */
async function startService() {
  const seen: string[] = []
  const server = createServer(async (message, response) => {
    let body = ''
    for await (const chunk of message) body += chunk
    seen.push(body)
    response.setHeader('content-type', 'application/x-amz-json-1.0')
    response.end(`{"number":${seen.length},"ConsumedCapacity":{"CapacityUnits":2}}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { seen, services: { dynamodbUrl: url, stsUrl: url } }
}

async function startBefore(roundMs?: number, recordings: Recordings = new Map()) {
  const service = await startService()
  const upstream = await startUpstream(recordings, service.services, roundMs)
  closing.push(upstream.close)
  const ask = async (operation: string, body: string): Promise<unknown> => {
    const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` }
    return (await fetch(upstream.url, { method: 'POST', body, headers })).json()
  }
  return { ...service, upstream, ask }
}

test('a call that was answered gets the same answer again, without the service', async () => {
  const { seen, ask, upstream } = await startBefore()
  const first = await ask('Query', '{"a":1,"b":2}')
  expect(await ask('Query', '{"b":2,"a":1}')).toEqual(first)
  expect(await ask('Query', '{"a":2}')).toMatchObject({ number: 2 })
  expect(seen).toEqual(['{"a":1,"b":2}', '{"a":2}'])
  expect(upstream.calls()).toBe(3)
})

test('recording asks the service every time, and shows which calls were under way together', async () => {
  const { seen, ask, upstream } = await startBefore(20)
  await Promise.all([ask('Query', '{"a":1}'), ask('BatchGetItem', '{"a":2}')])
  await ask('Query', '{"a":1}')
  expect(seen).toHaveLength(3)
  expect(describeRounds(upstream.takeRounds())).toBe('BatchGetItem ∥ Query → Query')
  expect(upstream.takeRounds()).toEqual([])
})

test('capacity is counted where the service says it, and not where an answer is repeated', async () => {
  const { ask, upstream } = await startBefore()
  await ask('Query', '{"a":1}')
  await ask('Query', '{"a":1}')
  await ask('Query', '{"a":2}')
  expect(upstream.takeCapacity()).toBe(4)
  expect(upstream.takeCapacity()).toBe(0)
})
