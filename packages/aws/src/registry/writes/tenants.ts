import type { TenantId } from '@thingpass/core/names'
import type { TenantRecord } from '@thingpass/core/records'
import type { TenantWrites } from '@thingpass/core/registry-writes/tenants'
import { decodeTenant, encodeTenant, type TenantItem } from '../items/tenant.ts'
import { tenantKey } from '../keys.ts'
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
  }
}

async function readTenant(registry: Registry, tenantId: TenantId): Promise<TenantItem | undefined> {
  const item = await registry.get(tenantKey(tenantId))
  return item && decodeTenant(item)
}

/** The record is written whole, if it is still as it was read. */
function writeTenant(registry: Registry, record: TenantRecord, before: TenantItem | undefined) {
  const now = registry.now()
  const item = encodeTenant({ record, createdAt: before?.createdAt ?? now, modifiedAt: now })
  const condition = before
    ? unchanged(encodeTenant(before), ['ratePerSecond', 'rateBurst'])
    : ({ missing: true } as const)
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
  authorizerRequiresThing: record.authorizerRequiresThing,
})
