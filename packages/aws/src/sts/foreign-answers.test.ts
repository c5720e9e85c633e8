import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { parseRegion, parseRoleArn } from '@thingpass/core/names'
import type { IssueCredentials } from '@thingpass/core/ports'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStsClient, STS_LIMITS } from '../clients.ts'
import { leanAssumeRole } from '../lean/assume-role.ts'
import { createIssuer, createStsIssuer } from './issuer.ts'

const NOON = new Date('2030-01-01T12:00:00Z')
const SOON = new Date(NOON.getTime() + 3000)
const clock = () => NOON
const region = parseRegion('us-east-1')!
const credentials = { accessKeyId: 'broker', secretAccessKey: 'broker' }
// One connection and one attempt: every call goes the way of the one before it, and what it meets is seen.
const limits = { ...STS_LIMITS, maxSockets: 1, maxAttempts: 1 }

const WAYS = {
  sdk: (endpoint: string) => {
    const client = createStsClient({ region, endpoint, credentials }, limits)
    return { issue: createStsIssuer({ client, clock }), close: () => client.destroy() }
  },
  lean: (endpoint: string) => {
    const assumeRole = leanAssumeRole({
      ...{ region, endpoint, credentials, limits, clock },
      random: () => 0,
    })
    return { issue: createIssuer({ assumeRole, clock }), close: assumeRole.close }
  },
}
const EACH_WAY = Object.keys(WAYS) as readonly (keyof typeof WAYS)[]

/** STS's answer to the session of a device. */
function answerTo(device: string, role = 'sensor'): string {
  const keys = `<AccessKeyId>ASIA${device.padStart(16, '0')}</AccessKeyId><SecretAccessKey>s-${device}</SecretAccessKey><SessionToken>t-${device}</SessionToken><Expiration>2030-01-01T12:15:00Z</Expiration>`
  const user = `<AssumedRoleId>AROA1:${device}</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/${role}/${device}</Arn>`
  const body = `<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser>${user}</AssumedRoleUser><Credentials>${keys}</Credentials></AssumeRoleResult></AssumeRoleResponse>`
  return `HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

type Answering = (device: string, socket: Socket, sockets: number) => void
let answer: Answering
let open: { endpoint: string; close: () => void; sockets: () => number }
beforeEach(async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    let text = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      text += chunk
      const device = /RoleSessionName=([\w-]+)&/.exec(text)?.[1]
      if (device === undefined) return
      text = ''
      answer(device, socket, sockets.length)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets: () => sockets.length,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
})
afterEach(() => open.close())

async function issueTo(issue: IssueCredentials, sessionName: string): Promise<string> {
  const session = {
    roleArn: parseRoleArn('arn:aws:iam::123456789012:role/fleet/sensor')!,
    ...{ sessionName, durationSeconds: 900, externalId: 'e', tags: [], transitiveTagKeys: [] },
  }
  const outcome = await issue(session, SOON).catch((thrown: { code: string }) => thrown)
  if ('code' in outcome) return outcome.code
  return outcome.issued ? outcome.credentials.secretAccessKey : outcome.reason
}

describe.each(EACH_WAY)('by way of %s', (way) => {
  async function issueToEach(...devices: readonly string[]): Promise<readonly string[]> {
    const { issue, close } = WAYS[way](open.endpoint)
    const given: string[] = []
    for (const device of devices) given.push(await issueTo(issue, device))
    close()
    return given
  }

  test('devices that ask one after the other share a connection, and get their own', async () => {
    answer = (device, socket) => socket.write(answerTo(device))
    expect(await issueToEach('a1', 'b1', 'c1')).toEqual(['s-a1', 's-b1', 's-c1'])
    expect(open.sockets()).toBe(1)
  })

  test('an answer that comes again while the next is waited for goes to nobody', async () => {
    // On the first connection each answer but the first comes one too late.
    const onFirst: Readonly<Record<string, string>> = { a1: 'a1', b1: 'a1', c1: 'b1' }
    answer = (device, socket, sockets) =>
      socket.write(answerTo(sockets === 1 ? (onFirst[device] ?? device) : device))
    const [a, b, c] = await issueToEach('a1', 'b1', 'c1')
    expect([a, b]).toEqual(['s-a1', 'STS_UNREADABLE'])
    expect(c).toBe(way === 'lean' ? 's-c1' : 'STS_UNREADABLE')
  })

  test('answers that are swapped go to neither', async () => {
    const swapped = new Map([
      ['a1', 'b1'],
      ['b1', 'a1'],
    ])
    answer = (device, socket) => socket.write(answerTo(swapped.get(device) ?? device))
    expect(await issueToEach('a1', 'b1')).toEqual(['STS_UNREADABLE', 'STS_UNREADABLE'])
  })

  test.each([
    ['of another role', () => answerTo('a1', 'pump')],
    ['of another session', () => answerTo('a2')],
    ['of a session with a longer name', () => answerTo('a12')],
    ['that says of nobody whose they are', () => withoutUser(answerTo('a1'))],
  ])('credentials %s go to nobody', async (_, given) => {
    answer = (_device, socket) => socket.write(given())
    expect(await issueToEach('a1')).toEqual(['STS_UNREADABLE'])
  })
})

test('lean: no call goes over a connection that brought credentials of another session', async () => {
  answer = (device, socket, sockets) => socket.write(answerTo(sockets === 1 ? 'x1' : device))
  const { issue, close } = WAYS.lean(open.endpoint)
  expect(await issueTo(issue, 'a1')).toBe('STS_UNREADABLE')
  expect(await issueTo(issue, 'b1')).toBe('s-b1')
  expect(open.sockets()).toBe(2)
  close()
})

function withoutUser(answered: string): string {
  const [, whole = ''] = answered.split('\r\n\r\n')
  const body = whole.replace(/<AssumedRoleUser>.*<\/AssumedRoleUser>/, '')
  return `HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}
