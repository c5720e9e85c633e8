import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createDynamoClient, createStsClient } from '@thingpass/aws/clients'
import { leanAssumeRole } from '@thingpass/aws/lean/assume-role'
import { leanRegistryCalls } from '@thingpass/aws/lean/registry-calls'
import { sdkRegistryCalls } from '@thingpass/aws/registry/sdk-registry-calls'
import { sdkAssumeRole } from '@thingpass/aws/sts/sdk-assume-role'
import type { AuditRecord } from '@thingpass/core/audit-record'
import { parseAccountId, parseRegion } from '@thingpass/core/names'
import {
  type CredentialsPorts,
  createCredentialsHandler,
} from '@thingpass/functions/credentials/credentials'
import {
  type AwsServices,
  createCredentialsPorts,
} from '@thingpass/functions/credentials/credentials-ports'
import { API_GATEWAY } from '@thingpass/functions/front-door/api-gateway-v2'
import { BROKER_ROLE_NAME } from '@thingpass/local/demo-fleet/demo-roles'
import { DATA_FILES } from '@thingpass/local/engine/data-directory'
import { lambdaContext } from '@thingpass/local/stack/lambda-context'
import { openRolesFile } from '@thingpass/local/sts/roles-file'
import { startLocalSts } from '@thingpass/local/sts/start-local-sts'
import { fleetOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { startFaultyService } from './faulty-service.ts'
import { DYNAMO, STS } from './wire.ts'

export const REGION = parseRegion('us-east-1')!
export const ACCOUNT = parseAccountId('123456789012')!
/** The table of the local stack. */
export const TABLE = 'thingpass-local'
export const KEYS = { accessKeyId: 'AKIALOCALBROKER00000', secretAccessKey: 'local' }

const LIMIT = { perSecond: 1000, burst: 1000 }

/** Engines with one device in a tenant that has a budget, so that a request for credentials makes every call there is. */
export async function startDeviceWorld() {
  const stack = await startTestStack()
  const fleet = fleetOf(stack, 'default')
  await fleet.changeTenant({ rateLimit: LIMIT })
  const { certificatePem } = await fleet.addDevice({
    thing: 'faulty-1',
    policies: ['camera-credentials'],
  })
  const sts = await startLocalSts({
    accountId: ACCOUNT,
    region: REGION,
    clock: () => new Date(),
    log: () => undefined,
    brokerRoleName: BROKER_ROLE_NAME,
    brokerCredentials: KEYS,
    roles: openRolesFile(join(stack.dataDir, DATA_FILES.roles)),
    signingKey: randomBytes(32),
  })
  return {
    stack,
    certificatePem,
    startServices: (way: Way) => startServices({ way, stack, stsUrl: sts.url }),
    close: async () => {
      await sts.close()
      await stack.close()
    },
  }
}

type Endpoints = { readonly dynamo: string; readonly sts: string }

/** Both ways of calling AWS; what a call that goes wrong becomes must not depend on the way. */
const WAYS = {
  sdk: ({ dynamo, sts }: Endpoints) => {
    const options = { region: REGION, credentials: KEYS }
    const dynamoClient = createDynamoClient({ ...options, endpoint: dynamo })
    const stsClient = createStsClient({ ...options, endpoint: sts })
    return {
      services: { calls: sdkRegistryCalls(dynamoClient), assumeRole: sdkAssumeRole(stsClient) },
      close: () => [dynamoClient, stsClient].forEach((client) => void client.destroy()),
    }
  },
  lean: ({ dynamo, sts }: Endpoints) => {
    const clock = () => new Date()
    const options = { region: REGION, credentials: KEYS, clock, random: Math.random }
    const calls = leanRegistryCalls({ ...options, endpoint: dynamo })
    const assumeRole = leanAssumeRole({ ...options, endpoint: sts })
    return {
      services: { calls, assumeRole },
      close: () => [calls, assumeRole].forEach((each) => void each.close()),
    }
  },
} satisfies Record<string, (endpoints: Endpoints) => { services: AwsServices; close: () => void }>

export type Way = keyof typeof WAYS
export const EACH_WAY = Object.keys(WAYS) as readonly Way[]

/** Registry and STS, each behind a service that can misbehave, and clients of their own. */
async function startServices({ way, stack, stsUrl }: StartedBy) {
  const dynamo = await startFaultyService(DYNAMO, stack.dynamodbUrl)
  const sts = await startFaultyService(STS, stsUrl)
  const { services, close } = WAYS[way]({ dynamo: dynamo.url, sts: sts.url })
  return {
    dynamo,
    sts,
    services,
    close: async () => {
      close()
      await Promise.all([dynamo.close(), sts.close()])
    },
  }
}

type StartedBy = { readonly way: Way; readonly stack: TestStack; readonly stsUrl: string }
export type Services = Awaited<ReturnType<typeof startServices>>

/** The deployed handler over the services, in a process that remembers nothing; audit records and what operators are told are kept. */
export function createFaultyHandler({ services }: Services) {
  const audits: AuditRecord[] = []
  const told: string[] = []
  const settings = {
    deployment: { partition: 'aws', region: REGION, accountId: ACCOUNT },
    hostNames: ['localhost'],
    longestSessionSeconds: 3600,
    deadlineMilliseconds: 2800,
  } as const
  const environment = { tableName: TABLE, metricNamespace: 'Thingpass/faults', settings }
  const stderr = new Writable({
    write: (line, _, done) => {
      told.push(String(line))
      done()
    },
  })
  const ports: CredentialsPorts = {
    ...createCredentialsPorts(environment, services, { stdout: process.stdout, stderr }),
    writeAudit: async (record) => {
      audits.push(record)
    },
  }
  const deployed = createCredentialsHandler(ports, API_GATEWAY)
  const handler = (event: ReturnType<typeof eventOf>) =>
    deployed(
      event,
      lambdaContext('request-1', () => performance.now()),
    )
  return { handler, audits, told }
}

/** The event of an HTTP API for one request of a device. */
export function eventOf(path: string, clientCertPem: string, headers: Record<string, string> = {}) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'localhost', ...headers },
    isBase64Encoded: false,
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '22/Nov/2026:12:00:00 +0000',
      timeEpoch: 0,
      http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'x' },
      authentication: {
        clientCert: {
          clientCertPem,
          subjectDN: '',
          issuerDN: '',
          serialNumber: '',
          validity: { notBefore: '', notAfter: '' },
        },
      },
    },
  }
}
