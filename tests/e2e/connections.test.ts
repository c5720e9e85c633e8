import { connect as tlsConnect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, fleetOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'

const PATH = '/role-aliases/demo-camera/credentials'
let stack: TestStack

beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.close())

/** One request over a TLS session that may be resumed; the certificate is presented only where an identity is given. */
async function requestOver(options: {
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3'
  readonly identity?: { readonly certificatePem: string; readonly privateKeyPem: string }
  readonly session?: Buffer
}) {
  const { maxVersion, identity, session } = options
  const ca = await stack.authorityPem()
  const socket = tlsConnect({
    host: 'localhost',
    port: Number(new URL(stack.url).port),
    servername: 'localhost',
    ca,
    maxVersion,
    ...(identity && { cert: identity.certificatePem, key: identity.privateKeyPem }),
    ...(session && { session }),
  })
  let latest: Buffer | undefined
  socket.on('session', (made) => {
    latest = made
  })
  const chunks: Buffer[] = []
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', resolve)
    socket.on('error', reject)
  })
  socket.write(`GET ${PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
  await ended
  const status = Number(Buffer.concat(chunks).toString().slice(9, 12))
  return { status, resumed: socket.isSessionReused(), session: latest ?? socket.getSession() }
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a resumed session of %s', (maxVersion) => {
  test('T30: is judged by the certificate it began with, as it stands now', async () => {
    const fleet = fleetOf(stack, 'default')
    const identity = await fleet.addDevice({
      thing: `resumed-${maxVersion.replace('.', '-')}`,
      policies: ['camera-credentials'],
    })
    const first = await requestOver({ maxVersion, identity })
    expect(first).toMatchObject({ status: 200, resumed: false })
    const session = first.session as Buffer
    expect(await requestOver({ maxVersion, identity, session })).toMatchObject({
      status: 200,
      resumed: true,
    })
    await fleet.setStatus(identity.certificateId, 'INACTIVE')
    expect(await requestOver({ maxVersion, identity, session })).toMatchObject({
      status: 403,
      resumed: true,
    })
  })
})

test('200 devices at once each get credentials of their own', async () => {
  const fleet = fleetOf(stack, 'default')
  const names = Array.from({ length: 200 }, (_, index) => `device-${index}`)
  const devices = await Promise.all(
    names.map(async (thing) => {
      const identity = await fleet.addDevice({ thing, policies: ['camera-credentials'] })
      return { thing, identity, device: await connect(stack, identity) }
    }),
  )
  const answers = await Promise.all(
    devices.map(({ device, thing }) =>
      device.get(`${stack.url}${PATH}`, { 'x-amzn-iot-thingname': thing }),
    ),
  )
  for (const { device } of devices) device.close()
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200))
  const keys = answers.map(({ body }) => JSON.parse(body).credentials.accessKeyId)
  expect(new Set(keys).size).toBe(200)
  const granted = (await stack.audited()).filter(({ thingName }) =>
    thingName?.startsWith('device-'),
  )
  const bySession = new Map(granted.map((record) => [record.accessKeyId, record]))
  devices.forEach(({ thing, identity }, index) => {
    expect(bySession.get(keys[index])).toMatchObject({
      thingName: thing,
      certificateId: identity.certificateId,
    })
  })
}, 60_000)

test('every request has one audit record, under the id that its answer carries', async () => {
  const before = (await stack.audited()).length
  const device = await stack.deviceOf('camera-2')
  const sent = Array.from({ length: 20 }, (_, index) =>
    device.get(`${stack.url}${index % 2 === 0 ? PATH : '/'}`),
  )
  const answers = await Promise.all(sent)
  device.close()
  const records = (await stack.audited()).slice(before)
  const ids = answers.map(({ headers }) => headers['x-amzn-requestid'])
  expect(new Set(ids).size).toBe(20)
  expect(new Set(records.map(({ requestId }) => requestId))).toEqual(new Set(ids))
  expect(records).toHaveLength(20)
})
