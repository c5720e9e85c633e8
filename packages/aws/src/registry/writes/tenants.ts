import type { TenantId } from '@thingpass/core/names'
import type { TenantRecord } from '@thingpass/core/records'
import type { TenantWrites } from '@thingpass/core/registry-writes/tenants'
import { decodeTenant, encodeTenant, TENANTS_LISTING, type TenantItem } from '../items/tenant.ts'
import { registrationCodeKey, tenantKey } from '../keys.ts'
import { unchanged } from './expression.ts'
import { change, refuse } from './plan.ts'
import type { Registry } from './transaction.ts'

/** Makes the changes of tenants. */
export function tenantWrites(registry: Registry): TenantWrites {
  const read = (tenantId: TenantId) => readTenant(registry, tenantId)
  return {
    getTenant: read,
    putTenant: ({ record, only }) =>
      registry.change(async () => {
        const before = await read(record.tenantId)
        if (only === 'new' && before) return refuse('tenant-exists')
        if (only === 'known' && !before) return refuse('tenant-unknown')
        return change({ created: before === undefined }, writeTenant(registry, record, before))
      }),
    listTenants: async ({ after, ...range }) => {
      const start = after === undefined ? {} : { after: tenantKey(after) }
      const { items, more } = await registry.list(
        { listing: TENANTS_LISTING },
        { ...range, ...start },
      )
      return { items: items.map(decodeTenant), more }
    },
    isTenantEmpty: (tenantId) => isEmpty(registry, tenantId),
    deleteTenant: (tenantId) => registry.change(() => planDeletion(registry, tenantId)),
  }
}

/** What a tenant can own, as the listings of its records name it. */
const OWNED = ['ALIAS', 'CA', 'CERT', 'GROUP', 'POLICY', 'THING', 'TYPE'] as const

async function isEmpty(registry: Registry, tenantId: TenantId): Promise<boolean> {
  const pages = await Promise.all(
    OWNED.map((kind) => registry.list({ listing: `TENANT#${tenantId}#${kind}` }, { limit: 1 })),
  )
  return pages.every(({ items }) => items.length === 0)
}

async function planDeletion(registry: Registry, tenantId: TenantId) {
  const before = await readTenant(registry, tenantId)
  if (!before) return refuse('tenant-unknown')
  if (!(await isEmpty(registry, tenantId))) return refuse('tenant-not-empty')
  return change(
    {},
    {
      writes: [
        registry.remove(tenantKey(tenantId), asRead(before)),
        registry.drop(registrationCodeKey(tenantId)),
      ],
      audit: {
        tenantId,
        action: 'delete-tenant',
        subject: `tenant/${tenantId}`,
        before: summaryOf(before.record),
      },
    },
  )
}

const asRead = (tenant: TenantItem) =>
  unchanged(encodeTenant(tenant), ['ratePerSecond', 'rateBurst'])

async function readTenant(registry: Registry, tenantId: TenantId): Promise<TenantItem | undefined> {
  const item = await registry.get(tenantKey(tenantId))
  return item && decodeTenant(item)
}

/** The record is written whole, if it is still as it was read. */
function writeTenant(registry: Registry, record: TenantRecord, before: TenantItem | undefined) {
  const now = registry.now()
  const item = encodeTenant({ record, createdAt: before?.createdAt ?? now, modifiedAt: now })
  const condition = before ? asRead(before) : ({ missing: true } as const)
  return {
    writes: [registry.put(item, condition)],
    audit: {
      tenantId: record.tenantId,
      action: before ? 'update-tenant' : 'create-tenant',
      subject: `tenant/${record.tenantId}`,
      ...(before && { before: summaryOf(before.record) }),
      after: summaryOf(record),
    },
  }
}

/** Everything but the external id, which only the issuer needs. */
const summaryOf = (record: TenantRecord) => ({
  status: record.status,
  roleArnPatterns: record.roleArnPatterns.join(' '),
  sessionTagKeys: record.sessionTagKeys.join(' '),
  certificatesWithoutCa: record.certificatesWithoutCa,
  apiArnPatterns: record.apiArnPatterns.join(' '),
  rateLimit: record.rateLimit && `${record.rateLimit.perSecond}/s, burst ${record.rateLimit.burst}`,
  defaultThing: record.defaultThing,
  inactiveCaRefusesDevices: record.inactiveCaRefusesDevices,
  revocationListRequired: record.revocationListRequired ?? false,
  authorizerRequiresThing: record.authorizerRequiresThing,
})
