import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { createRegistryTable } from '@thingpass/aws/registry/table'
import {
  DEFAULT_TENANT,
  parseAccountId,
  parsePolicyName,
  parseRegion,
  parseTenantId,
} from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { createIdentify } from '@thingpass/x509/identify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findEngineBinary } from '../engine/engine-binary.ts'
import { type Engine, startEngine } from '../engine/start-engine.ts'
import { PKI_FILES } from '../pki/local-pki.ts'
import { parseRoles } from '../sts/roles-file.ts'
import { seedFleet } from './seed-fleet.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 })

const NOW = new Date('2030-01-01T12:00:00Z')
const PLACE = { account: parseAccountId('123456789012')!, region: parseRegion('us-east-1')! }
const ACME = parseTenantId('acme')!

let folder: string
let engine: Engine
let client: DynamoDBClient
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seed-test-'))
  engine = await startEngine(findEngineBinary(), ':memory:')
  client = createDynamoClient({
    ...{ region: PLACE.region, endpoint: engine.url },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
})
afterAll(async () => {
  await engine.stop()
  await rm(folder, { recursive: true })
})

const keyOf = ({ pk, sk }: Readonly<Record<string, object>>) => JSON.stringify([pk, sk])

/** A registry of its own; keys and certificates are shared, for they take time to make. */
async function openRegistry() {
  const tableName = `table-${randomUUID()}`
  await createRegistryTable(client, tableName)
  const dependencies = { client, tableName, clock: () => NOW, newId: randomUUID, actor: 'test' }
  const writes = createRegistryWrites(dependencies)
  const rolesFile = join(folder, `${tableName}.json`)
  const seed = (through: RegistryWrites = writes) =>
    seedFleet({ ...PLACE, writes: through, dataDir: folder, rolesFile, now: NOW })
  const scan = async () => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }))
    return Items.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)))
  }
  return { writes, rolesFile, seed, scan }
}

/** What was seeded, without what is random or counts attempts. */
const shapeOf = (items: readonly Record<string, object>[]) =>
  items
    .filter(({ pk }) => !JSON.stringify(pk).includes('AUDIT#'))
    .map(({ pk, sk, policyCount, principalCount, thingCount, attachmentCount, members }) =>
      JSON.stringify({ pk, sk, policyCount, principalCount, thingCount, attachmentCount, members }),
    )
    .toSorted()

const certificateOf = async (thingName: string) => {
  const identified = createIdentify()(
    await readFile(PKI_FILES.deviceCertificate(folder, thingName), 'utf8'),
  )
  if (!identified.ok) throw new Error(identified.reason)
  return identified.certificate.facts.certificateId
}

test('two tenants own six things of two types, with certificates, groups and aliases', async () => {
  const { writes, seed, rolesFile } = await openRegistry()
  await seed()
  const open = await writes.getTenant(DEFAULT_TENANT)
  const acme = await writes.getTenant(ACME)
  expect(open?.record.roleArnPatterns).toEqual(['arn:aws:iam::123456789012:role/*'])
  expect(acme?.record.roleArnPatterns).toEqual([
    'arn:aws:iam::123456789012:role/thingpass-demo-acme-*',
  ])
  expect(open?.record.externalId).not.toBe(acme?.record.externalId)
  const certificateId = await certificateOf('gateway-1')
  const certificate = await writes.getCertificate({ tenantId: DEFAULT_TENANT, certificateId })
  expect(certificate?.record).toMatchObject({ status: 'ACTIVE', exclusiveThing: 'gateway-1' })
  const roles = parseRoles(await readFile(rolesFile, 'utf8'))
  expect(roles.ok && roles.value.map(({ arn }) => arn.split('/')[1])).toEqual([
    'thingpass-demo-camera',
    'thingpass-demo-gateway',
    'thingpass-demo-maintenance',
    'thingpass-demo-admin',
    'thingpass-demo-acme-camera',
    'thingpass-demo-acme-gateway',
  ])
})

test('seeding again changes nothing', async () => {
  const { seed, scan, rolesFile } = await openRegistry()
  await seed()
  const before = [await scan(), await readFile(rolesFile, 'utf8')]
  await seed()
  expect([await scan(), await readFile(rolesFile, 'utf8')]).toEqual(before)
})

test('what an operator changed stays changed: a revoked certificate is not revived', async () => {
  const { writes, seed, scan, rolesFile } = await openRegistry()
  await seed()
  const certificateId = await certificateOf('camera-1')
  const of = { tenantId: DEFAULT_TENANT, certificateId }
  await writes.updateCertificateStatus({ ...of, status: 'REVOKED' })
  const camera2 = await certificateOf('camera-2')
  await writes.detachPolicy({
    ...{ tenantId: DEFAULT_TENANT, policyName: parsePolicyName('camera-credentials')! },
    target: { kind: 'certificate', certificateId: camera2 },
  })
  await writeFile(rolesFile, '[]\n')
  const before = await scan()
  await seed()
  expect(await scan()).toEqual(before)
  expect(await readFile(rolesFile, 'utf8')).toBe('[]\n')
})

test('a lost roles file is made again, with the external ids that the tenants have', async () => {
  const { seed, rolesFile } = await openRegistry()
  await seed()
  const before = await readFile(rolesFile, 'utf8')
  await rm(rolesFile)
  await seed()
  expect(await readFile(rolesFile, 'utf8')).toBe(before)
})

test('roles of another registry are replaced, and those of the user stay', async () => {
  const { seed, rolesFile, writes } = await openRegistry()
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
  }
  const mine = { arn: 'arn:aws:iam::123456789012:role/mine', trustPolicy }
  const stale = { arn: 'arn:aws:iam::123456789012:role/thingpass-demo-camera', trustPolicy }
  await writeFile(rolesFile, JSON.stringify([mine, stale]))
  await seed()
  const roles: (typeof mine)[] = JSON.parse(await readFile(rolesFile, 'utf8'))
  expect(roles.filter(({ arn }) => arn === mine.arn)).toEqual([mine])
  const demo = roles.filter(({ arn }) => arn === stale.arn)
  expect(demo).toHaveLength(1)
  const tenant = await writes.getTenant(DEFAULT_TENANT)
  expect(JSON.stringify(demo)).toContain(tenant?.record.externalId)
})

test('a roles file that cannot be read is not overwritten', async () => {
  const { seed, rolesFile } = await openRegistry()
  await writeFile(rolesFile, '[{ half')
  await expect(seed()).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' })
  expect(await readFile(rolesFile, 'utf8')).toBe('[{ half')
})

/** Writes of which the first `count` go through, as of a process that is killed then. */
function breakingOff(writes: RegistryWrites, count: number): RegistryWrites {
  let left = count
  return new Proxy(writes, {
    get: (target, name: keyof RegistryWrites) => {
      const write = target[name] as (...args: unknown[]) => unknown
      return (...args: unknown[]) => {
        if (left === 0) throw new Error('killed')
        left -= 1
        return write(...args)
      }
    },
  })
}

test('a seeding that broke off anywhere is completed by the next', {
  timeout: 30_000,
}, async () => {
  const whole = await openRegistry()
  await whole.seed()
  const shape = shapeOf(await whole.scan())
  for (let count = 0; ; count += 7) {
    const { writes, seed, scan } = await openRegistry()
    const ends = await Promise.allSettled([seed(breakingOff(writes, count))])
    if (ends[0]?.status === 'fulfilled') break
    await seed()
    expect(shapeOf(await scan()), `broken off after ${count} writes`).toEqual(shape)
  }
})

test('no device is served before its tenant is seeded whole', async () => {
  const { writes, seed } = await openRegistry()
  const order: string[] = []
  const watched = new Proxy(writes, {
    get: (target, name: keyof RegistryWrites) => {
      if (!name.startsWith('get')) order.push(name)
      return target[name]
    },
  })
  await seed(watched)
  const perTenant = order
    .join(' ')
    .split('putTenant')
    .map((names) => names.trim())
  expect(perTenant).toHaveLength(3)
  expect(perTenant[2]).toBe('')
})
