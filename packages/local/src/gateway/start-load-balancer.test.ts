import type { ALBEvent, ALBResult } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createDevice } from '../../testing/device-client.ts'
import {
  type Identity,
  issueCa,
  issueDeviceCertificate,
  issueServerCertificate,
} from '../pki/issue-certificate.ts'
import { startLoadBalancer } from './start-load-balancer.ts'
import type { TlsServer } from './tls-server.ts'

const HEADER = 'x-cert-0123456789abcdef0123456789abcdef'
const audited: number[] = []
let seen: { readonly event: ALBEvent; readonly requestId: string }[]
let answer: () => Promise<ALBResult>
let balancer: TlsServer
let serverCa: Identity
let deviceCa: Identity
let identity: Identity

beforeAll(async () => {
  const issuance = { commonName: 'x', now: new Date(), validDays: 1 }
  serverCa = await issueCa(issuance)
  deviceCa = await issueCa(issuance)
  identity = await issueDeviceCertificate(deviceCa, issuance)
  const names = { dnsNames: ['localhost'], addresses: [] }
  const server = await issueServerCertificate(serverCa, { ...issuance, ...names })
  balancer = await startLoadBalancer({
    ...{ port: 0, accountId: '123456789012', region: 'us-east-1' },
    certificateHeader: HEADER,
    serverKey: server.privateKeyPem,
    serverCertificate: server.certificatePem,
    handler: (event, requestId) => {
      seen.push({ event, requestId })
      return answer()
    },
    refused: async ({ status }) => {
      audited.push(status)
    },
    log: () => undefined,
  })
})
afterAll(() => balancer.close())
beforeEach(() => {
  seen = []
})

async function ask(path = '/x') {
  const device = createDevice(serverCa.certificatePem, identity)
  return device.get(`${balancer.url}${path}`).finally(device.close)
}

test('a request reaches the function as an event, with an id, and its lists become headers', async () => {
  answer = async () => ({
    statusCode: 403,
    statusDescription: '403 Forbidden',
    multiValueHeaders: { 'x-own': ['a', 'b'], 'content-type': ['text/plain'] },
    body: 'no',
  })
  const { status, headers, body } = await ask('/a%20b')
  expect([status, headers['x-own'], headers['content-type'], body]).toEqual([
    ...[403, 'a, b', 'text/plain', 'no'],
  ])
  expect(seen).toMatchObject([{ event: { httpMethod: 'GET', path: '/a%20b' } }])
  expect(seen[0]?.event.multiValueHeaders?.[HEADER]).toHaveLength(1)
  expect(seen[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/)
})

test('headers that are no lists are none, as with multi-value headers on', async () => {
  answer = async () => ({
    statusCode: 200,
    headers: { 'x-own': 'a' },
    body: 'YQ==',
    isBase64Encoded: true,
  })
  const { status, headers, body } = await ask()
  expect([status, headers['x-own'], body]).toEqual([200, undefined, 'a'])
})

test('a function that fails is answered without its words', async () => {
  answer = () => Promise.reject(new Error('secret'))
  expect(await ask()).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' })
})

test('the header holds whatever the device sent behind its leaf: its CA, or a stranger', async () => {
  answer = async () => ({ statusCode: 200 })
  const stranger = await issueCa({ commonName: 'stranger', now: new Date(), validDays: 1 })
  for (const { certificatePem: more } of [deviceCa, stranger]) {
    const certificatePem = identity.certificatePem + more
    const device = createDevice(serverCa.certificatePem, { ...identity, certificatePem })
    await device.get(balancer.url)
    device.close()
    const [chain = ''] = seen.at(-1)?.event.multiValueHeaders?.[HEADER] ?? []
    expect(decodeURIComponent(chain).trim()).toBe(certificatePem.trim())
  }
})
