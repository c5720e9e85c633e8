import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Fault } from '@thingpass/core/fault'
import { parseTenantId } from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import type { Identity } from '../pki/issue-certificate.ts'
import { keepDeviceCa, keepDeviceIdentity } from '../pki/local-pki.ts'
import { type RoleEntry, writeRolesFile } from '../sts/roles-file.ts'
import { demoRoles, replaceRoles } from './demo-roles.ts'
import { type DemoTenant, demoFleet, type FleetPlace } from './fleet.ts'
import { openTenant, required, seedTenant } from './seed-tenant.ts'

/** What the fleet is seeded into. */
export type FleetSeeding = FleetPlace & {
  readonly writes: RegistryWrites
  readonly dataDir: string
  readonly rolesFile: string
  readonly now: Date
}

const EXTERNAL_ID_BYTES = 24

/**
 * Seeds each demo tenant that the registry does not have. The tenant's record is the last thing written, so a tenant that is
 * there was seeded whole, and is left alone: what its operator changed since, a revoked certificate above all, stays changed.
 * A roles file is made where there is none.
 */
export async function seedFleet(seeding: FleetSeeding): Promise<void> {
  const kept = await readRoles(seeding.rolesFile)
  for (const tenant of demoFleet(seeding)) {
    const there = await seeding.writes.getTenant(required(parseTenantId(tenant.tenantId)))
    if (there === undefined) await seedWhole(seeding, tenant)
    else if (kept === undefined) await writeRoles(seeding, tenant, there.record.externalId)
  }
}

async function seedWhole(seeding: FleetSeeding, tenant: DemoTenant): Promise<void> {
  const { writes, dataDir, account, now } = seeding
  const ca = await keepDeviceCa(dataDir, tenant.tenantId, now)
  const devices = await keepDevices(seeding, tenant, ca)
  await seedTenant(writes, { tenant, account, ca, devices })
  const externalId = randomBytes(EXTERNAL_ID_BYTES).toString('hex')
  await writeRoles(seeding, tenant, externalId)
  await openTenant(writes, tenant, externalId)
}

/** Puts the tenant's roles into the roles file, in place of those of an earlier registry. */
async function writeRoles(
  seeding: FleetSeeding,
  tenant: DemoTenant,
  externalId: string,
): Promise<void> {
  const { rolesFile } = seeding
  const kept = (await readRoles(rolesFile)) ?? []
  await writeRolesFile(rolesFile, replaceRoles(kept, demoRoles(seeding, tenant, externalId)))
}

async function keepDevices(
  { dataDir, now }: FleetSeeding,
  { tenantId, things }: DemoTenant,
  ca: Identity,
): Promise<ReadonlyMap<string, Identity>> {
  const devices = new Map<string, Identity>()
  for (const { thingName } of things) {
    const device = { thingName, organization: tenantId, ca }
    devices.set(thingName, await keepDeviceIdentity(dataDir, device, now))
  }
  return devices
}

/** The entries as they stand, for `writeRolesFile` to judge; undefined where there is no file. */
async function readRoles(path: string): Promise<readonly RoleEntry[] | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Fault('CONFIGURATION_INVALID', `roles file ${path}: cannot be read`, {
      cause: thrown,
    })
  }
}
