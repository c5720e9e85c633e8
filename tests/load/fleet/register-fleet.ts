import { createFleetCa, type FleetCa } from './certificates.ts'
import type { ControlClient } from './control-client.ts'
import {
  BAD_KINDS,
  type Budget,
  type DeviceKind,
  type Fleet,
  type FleetDevice,
  sizesOf,
} from './fleet.ts'

/** What a fleet is made of, and through what. */
export type FleetOrder = {
  readonly control: ControlClient
  /** Good devices; the others come on top. */
  readonly devices: number
  /** Of the noisy tenant, where it is not there yet. */
  readonly budget: Budget
  /** Role that the role aliases of both tenants name. */
  readonly roleArn: string
  /** Makes the role trust the broker for a tenant, before an alias names it. */
  readonly trustTenant: (tenantId: string, externalId: string) => Promise<void>
  /** Devices that are registered at one time. */
  readonly concurrency: number
}

/** Tenants of a fleet: the second has a budget, and devices that do not care. */
const QUIET_TENANT = 'load-quiet'
const NOISY_TENANT = 'load-noisy'

const ROLE_ALIAS = 'load'
const DAY_MS = 86_400_000
const DEVICE_DAYS = 365
/** What a device that is to be expired is given, so that it can be registered at all. */
const EXPIRING_MS = 5_000

type Tenant = {
  readonly tenantId: string
  readonly ca: FleetCa
  readonly budget: Budget | undefined
}

/**
 * Makes a fleet through the control plane alone: two tenants with CA, role alias, policy and session policy, and their
 * things and certificates. Keys and certificates are made in this process.
 */
export async function registerFleet(order: FleetOrder): Promise<Fleet> {
  const now = new Date()
  const quiet = await openTenant(order, QUIET_TENANT, now)
  const noisy = await openTenant(order, NOISY_TENANT, now)
  const { budget } = noisy
  if (budget === undefined) throw new Error(`tenant ${NOISY_TENANT} is there without a rateLimit`)
  const wanted = wantedDevices(order.devices, quiet, noisy)
  const devices: FleetDevice[] = []
  await eachAtOnce(wanted, order.concurrency, async (each, index) => {
    devices[index] = await makeDevice(order.control, each)
  })
  const expiredFrom = Date.now() + EXPIRING_MS
  return { version: 1, roleAlias: ROLE_ALIAS, budget, devices, expiredFrom }
}

type WantedDevice = {
  readonly kind: DeviceKind
  readonly tenant: Tenant
  readonly name: string
  /** What it sends; another than its own where it lies. */
  readonly thingName: string
}

/** The same names for the same number: a fleet that is made again in a registry that has it is told so by the control plane. */
function wantedDevices(devices: number, quiet: Tenant, noisy: Tenant): readonly WantedDevice[] {
  const sizes = sizesOf(devices)
  const named = (kind: DeviceKind, tenant: Tenant, index: number): WantedDevice => {
    const name = `${kind}-${index + 1}`
    const thingName = kind === 'wrong-thing' ? 'good-1' : name
    return { kind, tenant, name, thingName }
  }
  return [
    ...Array.from({ length: sizes.bad }, (_, index) =>
      named(BAD_KINDS[index % BAD_KINDS.length] ?? 'unknown', quiet, index),
    ),
    ...Array.from({ length: sizes.good }, (_, index) => named('good', quiet, index)),
    ...Array.from({ length: sizes.noisy }, (_, index) => named('noisy', noisy, index)),
  ]
}

/** A tenant that is there stays as it is: its budget counts, whatever was ordered. */
async function openTenant(order: FleetOrder, tenantId: string, now: Date): Promise<Tenant> {
  const { control, roleArn, budget } = order
  const settings = tenantId === NOISY_TENANT ? { rateLimit: budget } : {}
  await control.call({
    method: 'POST',
    path: '/thingpass/tenants',
    body: { tenantId, roleArnPatterns: [roleArn], ...settings },
    unless: ['ResourceAlreadyExistsException'],
  })
  const tenant = await control.call({ method: 'GET', path: `/thingpass/tenants/${tenantId}` })
  await order.trustTenant(tenantId, String(tenant.externalId))
  const ca = await createFleetCa(tenantId, now)
  await control.call({
    method: 'POST',
    path: `/thingpass/tenants/${tenantId}/cacertificate`,
    query: 'setAsActive=true',
    body: { caCertificate: ca.certificatePem },
  })
  await openAlias(order, tenantId)
  return { tenantId, ca, budget: tenant.rateLimit as Budget | undefined }
}

/** The alias is scoped to the device's own thing, as a fleet's would be: rendering is part of what is measured. */
async function openAlias({ control, roleArn }: FleetOrder, tenantId: string): Promise<void> {
  const unless = ['ResourceAlreadyExistsException']
  const base = `/t/${tenantId}`
  await control.call({
    method: 'POST',
    path: `${base}/role-aliases/${ROLE_ALIAS}`,
    body: { roleArn },
    unless,
  })
  const described = await control.call({
    method: 'GET',
    path: `${base}/role-aliases/${ROLE_ALIAS}`,
  })
  const { roleAliasArn = '' } = (described.roleAliasDescription ?? {}) as { roleAliasArn?: string }
  const policies = {
    'load-credentials': ['iot:AssumeRoleWithCertificate', roleAliasArn],
    'load-session': ['s3:PutObject', 'arn:aws:s3:::thingpass-load/${credentials-iot:ThingName}/*'],
  }
  for (const [name, [Action, Resource]] of Object.entries(policies)) {
    const statement = { Effect: 'Allow', Action, Resource }
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    await control.call({
      method: 'POST',
      path: `${base}/policies/${name}`,
      body: { policyDocument: document },
      unless,
    })
  }
  await attachPolicy(control, { base, policy: 'load-session', target: roleAliasArn })
}

async function makeDevice(control: ControlClient, wanted: WantedDevice): Promise<FleetDevice> {
  const { kind, tenant, name, thingName } = wanted
  const base = `/t/${tenant.tenantId}`
  const lifetimeMs = kind === 'expired' ? EXPIRING_MS : DEVICE_DAYS * DAY_MS
  const notAfter = new Date(Date.now() + lifetimeMs)
  const identity = await tenant.ca.issue({ commonName: name, notAfter })
  const device = { kind, tenantId: tenant.tenantId, name, thingName, ...identity }
  await control.call({ method: 'POST', path: `${base}/things/${name}`, body: {} })
  if (kind === 'unknown') return device
  const { certificateArn: target, certificateId } = await control.call({
    method: 'POST',
    path: `${base}/certificate/register`,
    body: {
      certificatePem: identity.certificatePem,
      caCertificatePem: tenant.ca.certificatePem,
      status: 'ACTIVE',
    },
  })
  const headers = { 'x-amzn-principal': String(target) }
  await control.call({ method: 'PUT', path: `${base}/things/${name}/principals`, headers })
  if (kind !== 'no-policy') {
    await attachPolicy(control, { base, policy: 'load-credentials', target: String(target) })
  }
  if (kind === 'revoked') {
    const path = `${base}/certificates/${certificateId}`
    await control.call({ method: 'PUT', path, query: 'newStatus=REVOKED' })
  }
  return device
}

async function attachPolicy(
  control: ControlClient,
  {
    base,
    policy,
    target,
  }: { readonly base: string; readonly policy: string; readonly target: string },
): Promise<void> {
  await control.call({ method: 'PUT', path: `${base}/target-policies/${policy}`, body: { target } })
}

/** Does the work for each, some at a time, in order. */
async function eachAtOnce<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries()
  const lane = async () => {
    for (const [index, item] of queue) await work(item, index)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}
