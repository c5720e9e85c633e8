import { randomUUID } from 'node:crypto'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { createDeviceDomain } from '@thingpass/aws/truststore/device-domain'
import { createTruststoreBucket } from '@thingpass/aws/truststore/truststore-bucket'
import {
  createApiGatewayClient,
  createS3Client,
  PUBLISHER_LIMITS,
} from '@thingpass/aws/truststore/truststore-clients'
import type { Fault, FaultCode } from '@thingpass/core/fault'
import { createReadTruststoreCas } from '@thingpass/functions/truststore/read-truststore-cas'
import { createTruststoreHandler } from '@thingpass/functions/truststore/truststore'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { KEYS, REGION, TABLE } from './device-world.ts'
import { type FaultKind, type FaultTable, rowsOf } from './fault-kind.ts'
import { startFaultyService } from './faulty-service.ts'
import { createTruststoreStandIn, TRUSTSTORE, type TruststoreCall } from './truststore-wire.ts'
import { DYNAMO, type DynamoCall, SAID } from './wire.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

type Call = Extract<DynamoCall, 'Query' | 'GetItem'> | TruststoreCall
/** The fault that the invocation ends with, and which version devices are let in by afterwards; no fault where it publishes all the same. */
type Expected = readonly [FaultCode | undefined, 'v1' | 'v2']

const published = [undefined, 'v2'] as const
const kept = ['UNEXPECTED', 'v1'] as const
const registry = {
  error: ['REGISTRY_UNAVAILABLE', 'v1'],
  throttle: ['REGISTRY_THROTTLED', 'v1'],
  timeout: ['REGISTRY_TIMEOUT', 'v1'],
  reset: ['REGISTRY_UNAVAILABLE', 'v1'],
  slow: published,
  empty: ['REGISTRY_UNREADABLE', 'v1'],
  malformed: ['REGISTRY_UNREADABLE', 'v1'],
  'wrong-type': ['REGISTRY_UNREADABLE', 'v1'],
} as const
const service = {
  ...{ error: kept, throttle: kept, timeout: kept, reset: kept, slow: published },
  ...{ empty: kept, malformed: kept, 'wrong-type': kept },
} as const

const EXPECTED: FaultTable<Call, Expected> = {
  Query: registry,
  GetItem: registry,
  GetObject: service,
  PutObject: service,
  GetDomainName: service,
  // What API Gateway says of a change that it made is not read: the next run reads the domain.
  UpdateDomainName: {
    ...service,
    ...{ empty: [undefined, 'v1'], 'wrong-type': [undefined, 'v1'] },
  },
}

const NOW = new Date('2026-06-01T12:00:00Z')
const AN_HOUR_AGO = new Date('2026-06-01T11:00:00Z')
/** The publisher answers nobody; its limits are shortened here. */
const LIMITS = { ...PUBLISHER_LIMITS, requestMs: 500, socketMs: 500 }

let stack: TestStack
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.close())

async function publishUnder(call: Call, kind: FaultKind) {
  const dynamo = await startFaultyService(DYNAMO, stack.dynamodbUrl)
  const { state, answer } = createTruststoreStandIn(AN_HOUR_AGO)
  const services = await startFaultyService(TRUSTSTORE, answer)
  const options = { region: REGION, credentials: KEYS }
  const client = createDynamoClient({ ...options, endpoint: dynamo.url })
  const s3 = createS3Client({ ...options, endpoint: services.url }, LIMITS)
  const apiGateway = createApiGatewayClient({ ...options, endpoint: services.url }, LIMITS)
  if (call === 'Query' || call === 'GetItem') dynamo.spoil(call, kind)
  else services.spoil(call, kind)
  const [lines, faults]: [string[], Fault[]] = [[], []]
  const clock = () => NOW
  const writes = { client, tableName: TABLE, clock, newId: randomUUID, actor: 'publisher' }
  const handler = createTruststoreHandler({
    readCas: createReadTruststoreCas(createRegistryWrites(writes)),
    bucket: createTruststoreBucket({
      client: s3,
      ...{ bucketName: 'b', truststoreKey: 'truststore.pem', seedKey: 'seed.pem' },
    }),
    domain: createDeviceDomain({ client: apiGateway, domainName: 'devices.example.com' }),
    clock,
    metricNamespace: 'Thingpass/test',
    writeLine: async (line) => void lines.push(line),
    reportFault: (fault) => faults.push(fault),
  })
  const ended = await handler().catch((thrown: Fault) => thrown)
  for (const each of [client, s3, apiGateway]) each.destroy()
  await Promise.all([dynamo.close(), services.close()])
  return { ended, faults, lines, used: state.used, spoiled: dynamo.spoiled() + services.spoiled() }
}

const rows = rowsOf(EXPECTED)
async function meets(call: Call, kind: FaultKind, [fault, version]: Expected) {
  const { ended, faults, lines, used, spoiled } = await publishUnder(call, kind)
  expect(spoiled).toBeGreaterThan(0)
  expect(used).toBe(version)
  expect(faults.map(({ code }) => code)).toEqual(fault === undefined ? [] : [fault])
  // Lambda counts invocations that fail, and an alarm looks at the count.
  expect(ended).toEqual(fault === undefined ? undefined : expect.objectContaining({ code: fault }))
  expect(JSON.stringify([faults.map(({ message }) => message), lines])).not.toContain(SAID)
}

describe.concurrent('a publication leaves the last good truststore in use, and fails', () => {
  test.each(rows)('while %s meets %s', meets)
})
