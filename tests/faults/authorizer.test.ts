import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createFactsReader } from '@thingpass/aws/registry/read-facts'
import type { AuditRecord } from '@thingpass/core/audit-record'
import type { Fault, FaultCode } from '@thingpass/core/fault'
import {
  AUTHORIZER_FORMATS,
  type AuthorizerPorts,
  createAuthorizerHandler,
} from '@thingpass/functions/authorizer/authorizer'
import { createWhoamiHandler } from '@thingpass/functions/authorizer/whoami'
import { createIdentify } from '@thingpass/x509/identify'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { idOf } from '../support/fleet.ts'
import {
  ACCOUNT,
  EACH_WAY,
  eventOf,
  REGION,
  type Services,
  startDeviceWorld,
  TABLE,
  type Way,
} from './device-world.ts'
import { type FaultKind, type FaultTable, rowsOf } from './fault-kind.ts'
import { type DynamoCall, SAID } from './wire.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

type Call = Extract<DynamoCall, 'Query' | 'BatchGetItem'>

/** The fault; none where the request is decided all the same. Of whatever is thrown API Gateway makes a 500. */
const REGISTRY = {
  error: 'REGISTRY_UNAVAILABLE',
  throttle: 'REGISTRY_THROTTLED',
  timeout: 'REGISTRY_TIMEOUT',
  reset: 'REGISTRY_UNAVAILABLE',
  slow: undefined,
  empty: 'REGISTRY_UNREADABLE',
  malformed: 'REGISTRY_UNREADABLE',
  'wrong-type': 'REGISTRY_UNREADABLE',
} as const
const EXPECTED: FaultTable<Call, FaultCode | undefined> = {
  Query: REGISTRY,
  BatchGetItem: REGISTRY,
}
const WHOLE_ANSWER_MS = 3000
/** A machine that does other things may be late by itself; twice more in a row it is not. */
const BUSY = { retry: 2 }

let world: Awaited<ReturnType<typeof startDeviceWorld>>
beforeAll(async () => {
  world = await startDeviceWorld()
})
afterAll(() => world.close())

function portsOver({ services: { calls } }: Services) {
  const audits: AuditRecord[] = []
  const faults: Fault[] = []
  const clock = () => new Date()
  const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
  const ports: AuthorizerPorts = {
    identifyCertificate: createIdentify(),
    ...createFactsReader({ calls, tableName: TABLE, ...memory, clock }),
    writeAudit: async (record) => {
      audits.push(record)
    },
    reportFault: (fault) => faults.push(fault),
    clock,
    stopwatch: () => performance.now(),
    settings: {
      deployment: { partition: 'aws', region: REGION, accountId: ACCOUNT },
      hostNames: ['localhost'],
      deadlineMilliseconds: 2800,
      attributeNames: [],
    },
  }
  return { ports, audits, faults }
}

async function under<Result>(
  [way, call, kind]: readonly [Way, Call, FaultKind],
  work: (seen: ReturnType<typeof portsOver>) => Promise<Result>,
) {
  const services = await world.startServices(way)
  try {
    services.dynamo.spoil(call, kind)
    const seen = portsOver(services)
    const begun = performance.now()
    const result = await work(seen)
    expect(performance.now() - begun).toBeLessThan(WHOLE_ANSWER_MS)
    expect(services.dynamo.spoiled()).toBeGreaterThan(0)
    const messages = seen.faults.map(({ message }) => message)
    expect(JSON.stringify([result, seen.audits, messages])).not.toContain(SAID)
    return { result, ...seen }
  } finally {
    await services.close()
  }
}

const rows = EACH_WAY.flatMap((way) => rowsOf(EXPECTED).map((row) => [way, ...row] as const))
const HEADERS = { 'x-amzn-iot-thingname': 'faulty-1' }

describe.concurrent('the authorizer lets nobody in', BUSY, () => {
  test.each(rows)('by %s, while %s meets %s', async (way, call, kind, fault) => {
    const arn = `arn:aws:execute-api:us-east-1:${ACCOUNT}:api1/$default/GET/readings`
    const event = {
      ...eventOf('/readings', world.certificatePem, HEADERS),
      ...{ routeArn: arn, type: 'REQUEST' },
    }
    const { result, audits } = await under([way, call, kind], ({ ports }) => {
      const authorize = createAuthorizerHandler(ports, AUTHORIZER_FORMATS['http-simple'])
      return authorize(event as never).catch((thrown: Fault) => thrown)
    })
    // Its policies name no API: whoever is judged is refused.
    const judged = { isAuthorized: false }
    expect(result).toMatchObject(fault === undefined ? judged : { code: fault })
    const kept = fault === undefined ? { decision: 'deny' } : { decision: 'fault', fault }
    expect(audits).toMatchObject([kept])
  })
})

describe.concurrent('whoami says nothing of an alias', BUSY, () => {
  test.each(rows)('by %s, while %s meets %s', async (way, call, kind, fault) => {
    const plain = eventOf('/whoami', world.certificatePem, HEADERS)
    const authorizer = { lambda: { certificateId: idOf(world.certificatePem) } }
    const event = {
      ...plain,
      queryStringParameters: { roleAlias: 'demo-camera' },
      requestContext: { ...plain.requestContext, authorizer },
    }
    const { result, faults } = await under([way, call, kind], ({ ports }) =>
      createWhoamiHandler(ports)(event as never),
    )
    expect(result.statusCode).toBe(fault === undefined ? 200 : 500)
    expect(String(result.body).includes('"mayAssume":true')).toBe(fault === undefined)
    expect(faults.map(({ code }) => code)).toEqual(fault === undefined ? [] : [fault])
  })
})
