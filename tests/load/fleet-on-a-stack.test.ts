import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { type Agent, request as open } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '@thingpass/local/engine/free-port'
import { send } from '@thingpass/local/testing/device-client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { keysOf } from '../support/operator.ts'
import { createDeviceAgents } from './devices/device-agents.ts'
import { BAD_KINDS, type DeviceKind, type Fleet } from './fleet/fleet.ts'
import { openFleetDirectory, readFleet } from './fleet/fleet-directory.ts'
import { type FleetPlace, type FleetWish, keepFleet } from './fleet/keep-fleet.ts'
import type { ConnectionKind } from './measure/sample.ts'
import { createTrustTenant, LOCAL_ROLE_ARN } from './stack/trust-tenant.ts'
import { REASON_OF_KIND } from './verdict/expected-answer.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let stack: TestStack
let directory: string
let fleet: Fleet
let place: FleetPlace
const said: string[] = []
const wish: FleetWish = { devices: 2, perSecond: 8, seconds: 1, scenarios: ['noisy-tenant'] }

beforeAll(async () => {
  stack = await startTestStack()
  directory = await mkdtemp(join(tmpdir(), 'load-fleet-'))
  await chmod(directory, 0o755) // as somebody's own folder would be
  await openFleetDirectory(directory)
  place = {
    control: {
      url: new URL(stack.controlUrl),
      region: 'us-east-1',
      keys: await keysOf(stack, 'default'),
    },
    roleArn: LOCAL_ROLE_ARN,
    trustTenant: createTrustTenant(stack.dataDir),
    serverCaPem: await stack.authorityPem(),
  }
  fleet = await keepFleet(directory, { ...wish, place }, (line) => said.push(line))
})
afterAll(async () => {
  await stack.close()
  await rm(directory, { recursive: true })
})

const deviceOf = (kind: DeviceKind) => fleet.devices.find((device) => device.kind === kind)!

function request(kind: DeviceKind, agent: Agent, url = stack.url) {
  const { certificatePem: cert, privateKeyPem: key, thingName } = deviceOf(kind)
  return send(`${url}/role-aliases/${fleet.roleAlias}/credentials`, {
    ...{ agent, cert, key, ca: fleet.serverCaPem },
    headers: { 'x-amzn-iot-thingname': thingName },
  })
}

const agents = createDeviceAgents(10, Math.random)

describe('a fleet made through the control plane', () => {
  test('gets credentials in both tenants', async () => {
    for (const kind of ['good', 'noisy'] as const) {
      const { status, body } = await request(kind, agents.cold())
      expect([kind, status]).toEqual([kind, 200])
      expect(JSON.parse(body).credentials).toBeDefined()
    }
  })

  test.each(BAD_KINDS)('has a device that is %s, refused for that very reason', async (kind) => {
    await vi.waitUntil(() => kind !== 'expired' || Date.now() >= fleet.expiredFrom, {
      timeout: 20_000,
    })
    expect((await request(kind, agents.cold())).status).toBe(403)
    const last = (await stack.audited()).at(-1)
    expect(last?.reason).toBe(REASON_OF_KIND[kind])
  })

  test('has a tenant with a budget, which is over it at once', async () => {
    const statuses: number[] = []
    for (let count = 0; count < 12; count++) {
      statuses.push((await request('noisy', agents.cold())).status)
    }
    expect(statuses).toContain(429)
    expect((await request('good', agents.cold())).status).toBe(200)
  })

  test('has its keys in a directory that only its owner can open', async () => {
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect((await stat(join(directory, 'fleet.json'))).mode & 0o777).toBe(0o600)
    expect(said).toEqual([expect.stringMatching(/^8 devices registered in [\d.]+ s$/)])
  })
})

describe('a kept fleet', () => {
  const again = (changed: Partial<FleetWish>) =>
    keepFleet(directory, { ...wish, ...changed }, () => undefined)

  test('is taken as it is, without a control plane', async () => {
    expect(await again({})).toEqual(fleet)
    expect(await readFleet(directory)).toEqual(fleet)
  })

  test('must have the devices', async () => {
    await expect(again({ devices: 3 })).rejects.toThrow('has only 2 devices')
  })

  test('must have a noisy tenant that is over its budget, where that is shown', async () => {
    await expect(again({ perSecond: 2 })).rejects.toThrow('from --rate 3 on')
    expect(await again({ perSecond: 2, scenarios: ['boot'] })).toEqual(fleet)
  })

  test('may be made again beside the first, and is told the budget that the tenant has', async () => {
    const other = await mkdtemp(join(tmpdir(), 'load-fleet-'))
    const faster = { ...wish, perSecond: 80, place }
    const second = await keepFleet(other, faster, () => undefined)
    expect(second.budget).toEqual(fleet.budget)
    expect(fleet.budget).toEqual({ perSecond: 1, burst: 8 })
    await rm(other, { recursive: true })
  })

  test('that is none cannot be made of nothing', async () => {
    const other = await mkdtemp(join(tmpdir(), 'load-fleet-'))
    await expect(keepFleet(other, wish, () => undefined)).rejects.toThrow('holds no fleet')
    await rm(other, { recursive: true })
  })
})

describe('connections', () => {
  const kindOf = async (agent: Agent): Promise<ConnectionKind> => {
    let kind: ConnectionKind | undefined
    const { certificatePem: cert, privateKeyPem: key } = deviceOf('good')
    await new Promise((resolve, reject) => {
      const sent = open(`${stack.url}/`, { agent, cert, key, ca: fleet.serverCaPem }, (answer) => {
        kind = agents.connectionOf(answer.socket)
        answer.resume().on('end', resolve)
      })
      sent.on('error', reject)
      sent.end()
    })
    return kind!
  }

  test('of devices that boot are full handshakes, each time', async () => {
    const cold = agents.cold()
    expect([await kindOf(cold), await kindOf(cold)]).toEqual(['full', 'full'])
  })

  test('of devices that keep them are kept', async () => {
    expect([await kindOf(agents.kept), await kindOf(agents.kept)]).toEqual(['full', 'kept'])
    agents.kept.destroy()
  })

  test('of devices that resume are new, with the session of before', async () => {
    expect([await kindOf(agents.resuming), await kindOf(agents.resuming)]).toEqual([
      'full',
      'resumed',
    ])
  })

  test('of patient devices are tried until there is a server', async () => {
    const port = await findFreePort()
    let refused = 0
    let late: TestStack | undefined
    const agent = createDeviceAgents(1, () => 0.1).patient(() => {
      refused += 1
    })
    const { certificatePem: cert, privateKeyPem: key } = deviceOf('good')
    // Another stack: with another authority, which is not what this is about.
    const options = { agent, cert, key, rejectUnauthorized: false }
    const answered = send(`https://localhost:${port}/`, options)
    try {
      await vi.waitUntil(() => refused > 1, { timeout: 10_000 })
      late = await startTestStack(['--port', String(port)])
      expect((await answered).status).toBe(404)
    } finally {
      await late?.close()
    }
  })
})
