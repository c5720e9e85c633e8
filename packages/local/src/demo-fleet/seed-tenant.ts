import { createHash } from 'node:crypto'
import { Fault } from '@thingpass/core/fault'
import {
  type CaCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseRoleArn,
  parseTenantId,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
  type TenantId,
} from '@thingpass/core/names'
import type { TenantRecord } from '@thingpass/core/records'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import type { Outcome } from '@thingpass/core/registry-writes/outcome'
import type { PolicyTarget } from '@thingpass/core/registry-writes/policy-attachments'
import { parseCaCertificate } from '@thingpass/x509/ca-certificate'
import { createIdentify } from '@thingpass/x509/identify'
import type { Identity } from '../pki/issue-certificate.ts'
import type { DemoTenant, DemoThing } from './fleet.ts'

/** A demo tenant with what its certificates are made with. */
export type TenantToSeed = {
  readonly tenant: DemoTenant
  readonly account: string
  readonly ca: Identity
  /** By thing name. */
  readonly devices: ReadonlyMap<string, Identity>
}

type Seeding = TenantToSeed & { readonly writes: RegistryWrites; readonly tenantId: TenantId }

/**
 * Writes all that a demo tenant owns, and not the tenant: its record is written last, by `openTenant`. Whatever is there
 * already stays, so a seeding that broke off is completed by doing it again.
 */
export async function seedTenant(writes: RegistryWrites, toSeed: TenantToSeed): Promise<void> {
  const tenantId = required(parseTenantId(toSeed.tenant.tenantId))
  const seeding: Seeding = { ...toSeed, writes, tenantId }
  const caCertificateId = await registerCa(seeding)
  await createPolicies(seeding)
  await createTypesAndGroups(seeding)
  await createRoleAliases(seeding)
  for (const thing of seeding.tenant.things) await createDevice(seeding, thing, caCertificateId)
}

/** Writes the tenant's record: from here on its devices are served. */
export async function openTenant(
  writes: RegistryWrites,
  tenant: DemoTenant,
  externalId: string,
): Promise<void> {
  const { roleArnPatterns, apiArnPatterns, sessionTagKeys, certificatesWithoutCa } = tenant
  const record: TenantRecord = {
    tenantId: required(parseTenantId(tenant.tenantId)),
    status: 'ENABLED',
    externalId,
    ...{ roleArnPatterns, apiArnPatterns, sessionTagKeys, certificatesWithoutCa },
    defaultThing: 'never',
    inactiveCaRefusesDevices: false,
    authorizerRequiresThing: true,
  }
  accept(await writes.putTenant({ record, only: 'new' }), 'tenant-exists')
}

async function registerCa({ writes, tenantId, ca }: Seeding): Promise<CaCertificateId> {
  const parsed = parseCaCertificate(ca.certificatePem)
  if (!parsed.ok) throw new Fault('UNEXPECTED', `a demo CA is refused: ${parsed.reason}`)
  const { caCertificateId, publicKey, subjectDerSha256, pem } = parsed.ca
  const outcome = await writes.registerCa({
    record: { caCertificateId, tenantId, status: 'ACTIVE', publicKey },
    publicKeySha256: createHash('sha256').update(publicKey).digest('hex'),
    subjectSha256: subjectDerSha256,
    certificateMode: 'DEFAULT',
    autoRegistration: false,
    pem,
  })
  accept(outcome, 'ca-exists')
  return caCertificateId
}

async function createPolicies({ writes, tenantId, tenant }: Seeding): Promise<void> {
  for (const [name, document] of Object.entries(tenant.policies)) {
    const policyName = required(parsePolicyName(name))
    const policy = { tenantId, policyName, document: JSON.stringify(document) }
    accept(await writes.createPolicy(policy), 'policy-exists')
  }
}

async function createTypesAndGroups(seeding: Seeding): Promise<void> {
  const { writes, tenantId, tenant } = seeding
  for (const name of tenant.thingTypes) {
    const thingTypeName = required(parseThingTypeName(name))
    accept(
      await writes.createThingType({ tenantId, thingTypeName, searchableAttributes: [] }),
      'thing-type-exists',
    )
  }
  for (const [name, policies] of Object.entries(tenant.groups)) {
    const groupName = required(parseThingGroupName(name))
    accept(
      await writes.createThingGroup({ tenantId, groupName, attributes: new Map() }),
      'thing-group-exists',
    )
    await attachPolicies(seeding, policies, { kind: 'thing-group', groupName })
  }
}

async function createRoleAliases({ writes, tenantId, tenant, account }: Seeding): Promise<void> {
  for (const [name, { roleName, durationSeconds }] of Object.entries(tenant.roleAliases)) {
    const alias = {
      tenantId,
      roleAlias: required(parseRoleAlias(name)),
      roleArn: required(parseRoleArn(`arn:aws:iam::${account}:role/${roleName}`)),
      credentialDurationSeconds: durationSeconds,
    }
    accept(await writes.createRoleAlias(alias), 'role-alias-exists')
  }
}

async function createDevice(
  seeding: Seeding,
  thing: DemoThing,
  caCertificateId: CaCertificateId,
): Promise<void> {
  const { writes, tenantId } = seeding
  const thingName = await createThing(seeding, thing)
  const pem = required(seeding.devices.get(thing.thingName)).certificatePem
  const identified = createIdentify()(pem)
  if (!identified.ok)
    throw new Fault('UNEXPECTED', `a demo device is refused: ${identified.reason}`)
  const { certificateId } = identified.certificate.facts
  const registration = { kind: 'ca', caCertificateId } as const
  const certificate = { tenantId, certificateId, registration, status: 'ACTIVE', pem } as const
  accept(await writes.registerCertificate(certificate), 'certificate-exists')
  accept(await writes.attachThing({ tenantId, certificateId, thingName, exclusive: true }))
  await attachPolicies(seeding, thing.policies, { kind: 'certificate', certificateId })
}

async function createThing({ writes, tenantId }: Seeding, thing: DemoThing) {
  const thingName = required(parseThingName(thing.thingName))
  const thingTypeName = required(parseThingTypeName(thing.thingTypeName))
  const attributes = new Map(Object.entries(thing.attributes))
  accept(
    await writes.createThing({ tenantId, thingName, thingTypeName, attributes }),
    'thing-exists',
  )
  for (const group of thing.groups) {
    const groupName = required(parseThingGroupName(group))
    accept(await writes.addThingToGroup({ tenantId, groupName, thingName }))
  }
  return thingName
}

async function attachPolicies(
  { writes, tenantId }: Seeding,
  names: readonly string[],
  target: PolicyTarget,
): Promise<void> {
  for (const name of names) {
    accept(
      await writes.attachPolicy({ tenantId, policyName: required(parsePolicyName(name)), target }),
    )
  }
}

/** @throws {Fault} UNEXPECTED for any conflict but the one that says that it is there already */
function accept<Conflict extends string>(outcome: Outcome<Conflict>, there?: Conflict): void {
  if (outcome.ok || outcome.conflict === there) return
  throw new Fault('UNEXPECTED', `the demo fleet cannot be seeded: ${outcome.conflict}`)
}

/** @throws {Fault} UNEXPECTED when a name of the demo fleet is not one */
export function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Fault('UNEXPECTED', 'a name of the demo fleet is invalid')
  return value
}
