import { randomBytes, randomUUID, X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { createRegistryTable } from '@thingpass/aws/registry/table'
import {
  parseAccountId,
  parsePolicyName,
  parseRegion,
  parseRoleAlias,
  parseTenantId,
} from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { given } from '@thingpass/core/testing/decision-example'
import { BROKER_ROLE_NAME } from '@thingpass/local/demo-fleet/demo-roles'
import { SHOWN_DEVICE } from '@thingpass/local/demo-fleet/fleet'
import { seedFleet } from '@thingpass/local/demo-fleet/seed-fleet'
import { findEngineBinary } from '@thingpass/local/engine/engine-binary'
import { startEngine } from '@thingpass/local/engine/start-engine'
import { buildEventV2 } from '@thingpass/local/gateway/event-v2'
import { keepServerIdentity, PKI_FILES } from '@thingpass/local/pki/local-pki'
import { openRolesFile } from '@thingpass/local/sts/roles-file'
import { startLocalSts } from '@thingpass/local/sts/start-local-sts'
import { REQUEST } from './measured-request.ts'

/** A registry and an STS with one fleet in them, and what a function is given to reach both. */
export type World = {
  readonly dynamodbUrl: string
  readonly stsUrl: string
  readonly tableName: string
  /** Environment of the credentials function, but for the two services' addresses. */
  readonly environment: Readonly<Record<string, string>>
  /** The measured device's request, as the front door hands it over. */
  readonly event: object
  /** PEMs by which a client and a server of the fleet know each other. */
  readonly pki: Pki
  readonly stop: () => Promise<void>
}

/** All PEM. */
export type Pki = {
  readonly serverCa: string
  readonly serverCertificate: string
  readonly serverKey: string
  readonly deviceCa: string
  readonly deviceCertificate: string
  readonly deviceKey: string
}

export const REGION = given(parseRegion('us-east-1'))
const ACCOUNT = given(parseAccountId('123456789012'))
const TENANT = given(parseTenantId('default'))
const TABLE = 'thingpass-bench'
const LIMITS = {
  connectionMs: 5_000,
  requestMs: 20_000,
  socketMs: 20_000,
  maxAttempts: 3,
  maxSockets: 20,
}

/**
 * What the measured alias's credentials are limited to: one statement per service, as deployments write them. With the thing's
 * group and its policy this makes the request one of the longer ones: four rounds cold, one warm.
 */
const SESSION_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: `arn:aws:s3:::fleet-media/\${credentials-iot:ThingName}/*`,
    },
    {
      Effect: 'Allow',
      Action: 'kinesis:PutRecord',
      Resource: `arn:aws:kinesis:us-east-1:123456789012:stream/\${credentials-iot:ThingTypeName}`,
    },
  ],
}

/** Starts the engines in a temporary directory and seeds the demo fleet, with a session policy on the measured alias. */
export async function startWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'thingpass-bench-'))
  const clock = () => new Date()
  const rolesFile = join(directory, 'roles.json')
  const keys = {
    accessKeyId: 'AKIALOCALBROKER00000',
    secretAccessKey: randomBytes(30).toString('hex'),
  }
  const engine = await startEngine(findEngineBinary(), join(directory, 'registry.db'))
  const client = createDynamoClient(
    { region: REGION, endpoint: engine.url, credentials: keys },
    LIMITS,
  )
  await createRegistryTable(client, TABLE)
  const writes = createRegistryWrites({
    ...{ client, tableName: TABLE, clock, newId: randomUUID },
    actor: `arn:aws:iam::${ACCOUNT}:user/bench`,
  })
  await seedFleet({
    ...{ account: ACCOUNT, region: REGION, dataDir: directory, rolesFile, writes },
    now: clock(),
  })
  await attachSessionPolicy(writes)
  const sts = await startLocalSts({
    ...{ accountId: ACCOUNT, region: REGION, clock, log: () => undefined },
    brokerRoleName: BROKER_ROLE_NAME,
    brokerCredentials: keys,
    roles: openRolesFile(rolesFile),
    signingKey: randomBytes(32),
  })
  const pki = await readPki(directory, clock())
  return {
    dynamodbUrl: engine.url,
    stsUrl: sts.url,
    tableName: TABLE,
    environment: {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      THINGPASS_TABLE: TABLE,
      THINGPASS_ACCOUNT_ID: ACCOUNT,
      THINGPASS_HOST_NAMES: REQUEST.host,
      THINGPASS_METRIC_NAMESPACE: 'Thingpass/bench',
    },
    event: eventOf(pki.deviceCertificate),
    pki,
    stop: async () => {
      client.destroy()
      await sts.close()
      await engine.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function attachSessionPolicy(writes: RegistryWrites): Promise<void> {
  const policyName = given(parsePolicyName('own-prefix'))
  const document = JSON.stringify(SESSION_POLICY)
  const created = await writes.createPolicy({ tenantId: TENANT, policyName, document })
  const roleAlias = given(parseRoleAlias(SHOWN_DEVICE.roleAlias))
  const target = { kind: 'role-alias', roleAlias } as const
  const attached = await writes.attachPolicy({ tenantId: TENANT, policyName, target })
  if (!created.ok || !attached.ok) throw new Error('the session policy is not attached')
}

async function readPki(directory: string, now: Date): Promise<Pki> {
  const { server, caPem } = await keepServerIdentity(directory, now)
  const read = (file: string) => readFile(file, 'utf8')
  return {
    serverCa: caPem,
    serverCertificate: server.certificatePem,
    serverKey: server.privateKeyPem,
    deviceCa: await read(join(directory, 'cas', TENANT, 'certificate.pem')),
    deviceCertificate: await read(PKI_FILES.deviceCertificate(directory, SHOWN_DEVICE.thingName)),
    deviceKey: await read(PKI_FILES.devicePrivateKey(directory, SHOWN_DEVICE.thingName)),
  }
}

function eventOf(deviceCertificate: string): object {
  const headers = { host: REQUEST.host, ...REQUEST.headers, 'user-agent': 'bench' }
  return given(
    buildEventV2(
      {
        ...{ method: 'GET', target: REQUEST.path, httpVersion: '1.1' },
        rawHeaders: Object.entries(headers).flat(),
        ...{ remoteAddress: '192.0.2.7', localPort: 443 },
        certificate: new X509Certificate(deviceCertificate),
        ...{ requestId: randomUUID(), receivedAt: new Date() },
      },
      ACCOUNT,
    ),
  )
}
