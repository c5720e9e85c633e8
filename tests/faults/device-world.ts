import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createDynamoClient, createStsClient } from '@thingpass/aws/clients'
import { createStsIssuer } from '@thingpass/aws/sts/issuer'
import type { AuditRecord } from '@thingpass/core/audit-record'
import { parseAccountId, parseRegion } from '@thingpass/core/names'
import { BROKER_ROLE_NAME } from '@thingpass/local/demo-fleet/demo-roles'
import { DATA_FILES } from '@thingpass/local/engine/data-directory'
import { createLocalHandler } from '@thingpass/local/stack/local-handler'
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
    startServices: () => startServices(stack, sts.url),
    close: async () => {
      await sts.close()
      await stack.close()
    },
  }
}

/** Registry and STS, each behind a service that can misbehave, and clients of their own. */
async function startServices(stack: TestStack, stsUrl: string) {
  const dynamo = await startFaultyService(DYNAMO, stack.dynamodbUrl)
  const sts = await startFaultyService(STS, stsUrl)
  const options = { region: REGION, credentials: KEYS }
  const dynamoClient = createDynamoClient({ ...options, endpoint: dynamo.url })
  const stsClient = createStsClient({ ...options, endpoint: sts.url })
  return {
    dynamo,
    sts,
    dynamoClient,
    stsClient,
    close: async () => {
      dynamoClient.destroy()
      stsClient.destroy()
      await Promise.all([dynamo.close(), sts.close()])
    },
  }
}

export type Services = Awaited<ReturnType<typeof startServices>>

/** The deployed handler over the services, in a process that remembers nothing; audit records and what operators are told are kept. */
export function createFaultyHandler({ dynamoClient, stsClient }: Services) {
  const audits: AuditRecord[] = []
  const told: string[] = []
  const clock = () => new Date()
  const handler = createLocalHandler({
    settings: { account: ACCOUNT, region: REGION },
    io: { clock, log: (line) => told.push(line), decided: () => undefined },
    registry: { client: dynamoClient, tableName: TABLE },
    issueCredentials: createStsIssuer({ client: stsClient, clock }),
    writeAudit: async (record) => {
      audits.push(record)
    },
  })
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
