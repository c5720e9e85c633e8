import { parseTenantId } from '@thingpass/core/names'
import type { TenantRecord } from '@thingpass/core/records'
import {
  flag,
  type Item,
  type ItemReader,
  instant,
  number,
  openItem,
  text,
  texts,
} from '../attributes.ts'
import { tenantKey } from '../keys.ts'

const KIND = 'tenant'

/** A tenant as it is stored. */
export type TenantItem = {
  readonly record: TenantRecord
  readonly createdAt: Date
  readonly modifiedAt: Date
}

/** Index key that lists all tenants. */
export const TENANTS_LISTING = 'TENANTS'

/** Writes a tenant as an item. */
export function encodeTenant({ record, createdAt, modifiedAt }: TenantItem): Item {
  const { pk, sk } = tenantKey(record.tenantId)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(TENANTS_LISTING),
    tenantId: text(record.tenantId),
    status: text(record.status),
    roleArnPatterns: texts(record.roleArnPatterns),
    externalId: text(record.externalId),
    sessionTagKeys: texts(record.sessionTagKeys),
    certificatesWithoutCa: flag(record.certificatesWithoutCa),
    apiArnPatterns: texts(record.apiArnPatterns),
    ...(record.rateLimit && {
      ratePerSecond: number(record.rateLimit.perSecond),
      rateBurst: number(record.rateLimit.burst),
    }),
    defaultThing: text(record.defaultThing),
    inactiveCaRefusesDevices: flag(record.inactiveCaRefusesDevices),
    ...(record.revocationListRequired && { revocationListRequired: flag(true) }),
    authorizerRequiresThing: flag(record.authorizerRequiresThing),
    createdAt: instant(createdAt),
    modifiedAt: instant(modifiedAt),
  }
}

/**
 * Reads a tenant.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeTenant(item: Item): TenantItem {
  const read = openItem(item, KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  read.liesAt(tenantKey(tenantId))
  return {
    record: {
      tenantId,
      status: read.oneOf('status', ['ENABLED', 'DISABLED']),
      roleArnPatterns: read.texts('roleArnPatterns'),
      externalId: read.parsed('externalId', parseExternalId),
      sessionTagKeys: read.texts('sessionTagKeys'),
      certificatesWithoutCa: read.flag('certificatesWithoutCa'),
      apiArnPatterns: read.texts('apiArnPatterns'),
      ...rateLimitOf(read),
      defaultThing: read.oneOf('defaultThing', ['never', 'exclusive']),
      inactiveCaRefusesDevices: read.flag('inactiveCaRefusesDevices'),
      ...(read.has('revocationListRequired') &&
        read.flag('revocationListRequired') && { revocationListRequired: true as const }),
      authorizerRequiresThing: read.flag('authorizerRequiresThing'),
    },
    createdAt: read.instant('createdAt'),
    modifiedAt: read.instant('modifiedAt'),
  }
}

/** Source: STS API model, externalIdType. */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/

const parseExternalId = (value: unknown): string | undefined =>
  typeof value === 'string' && EXTERNAL_ID.test(value) ? value : undefined

/** Half a limit is unreadable, not unlimited. */
function rateLimitOf(read: ItemReader): Pick<TenantRecord, 'rateLimit'> {
  if (!(read.has('ratePerSecond') || read.has('rateBurst'))) return {}
  return {
    rateLimit: { perSecond: read.positive('ratePerSecond'), burst: read.positive('rateBurst') },
  }
}
