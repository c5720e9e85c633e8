import {
  parseRoleAlias,
  parseRoleArn,
  parseTenantId,
  type RoleAlias,
  type TenantId,
} from '@thingpass/core/names'
import type { RoleAliasRecord, SessionProfile } from '@thingpass/core/records'
import {
  flag,
  type Item,
  type ItemReader,
  instant,
  number,
  openItem,
  text,
  textMap,
  texts,
} from '../attributes.ts'
import { roleAliasKey, roleAliasTombstoneKey } from '../keys.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'role-alias'
const TOMBSTONE_KIND = 'role-alias-tombstone'

/** A role alias as it is stored. */
export type RoleAliasItem = {
  readonly record: RoleAliasRecord
  readonly tenantId: TenantId
  /** Made anew with each CreateRoleAlias. */
  readonly aliasId: string
  readonly policyCount: number
  readonly createdAt: Date
  readonly modifiedAt: Date
}

/** Index key that lists the role aliases of a tenant. */
export const roleAliasesListing = (tenantId: TenantId): string => `TENANT#${tenantId}#ALIAS`

/** Writes a role alias as an item. */
export function encodeRoleAlias({ record, tenantId, ...item }: RoleAliasItem): Item {
  const { pk, sk } = roleAliasKey(tenantId, record.roleAlias)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(roleAliasesListing(tenantId)),
    tenantId: text(tenantId),
    roleAlias: text(record.roleAlias),
    aliasId: text(item.aliasId),
    roleArn: text(record.roleArn),
    credentialDurationSeconds: number(record.credentialDurationSeconds),
    ...encodeSessionProfile(record.sessionProfile),
    policyCount: number(item.policyCount),
    createdAt: instant(item.createdAt),
    modifiedAt: instant(item.modifiedAt),
  }
}

function encodeSessionProfile(profile: SessionProfile): Item {
  return {
    scope: text(profile.scope),
    tags: textMap(profile.tags),
    transitiveTagKeys: texts(profile.transitiveTagKeys),
    ...(profile.sourceIdentity !== undefined && { sourceIdentity: text(profile.sourceIdentity) }),
    requireThingName: flag(profile.requireThingName),
    longDuration: text(profile.longDuration),
  }
}

/**
 * Reads a role alias.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeRoleAlias(item: Item): RoleAliasItem {
  const read = openItem(item, KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  const roleAlias = read.parsed('roleAlias', parseRoleAlias)
  read.liesAt(roleAliasKey(tenantId, roleAlias))
  return {
    record: {
      roleAlias,
      roleArn: read.parsed('roleArn', parseRoleArn),
      credentialDurationSeconds: read.integer('credentialDurationSeconds', 900, 43_200),
      sessionProfile: decodeSessionProfile(read),
    },
    tenantId,
    aliasId: read.parsed('aliasId', parseMadeId),
    policyCount: read.integer('policyCount', 0),
    createdAt: read.instant('createdAt'),
    modifiedAt: read.instant('modifiedAt'),
  }
}

/** Nothing of it has a default here: an attribute that got lost must not widen a session. */
function decodeSessionProfile(read: ItemReader): SessionProfile {
  return {
    scope: read.oneOf('scope', ['role', 'session-policy']),
    tags: read.textMap('tags'),
    transitiveTagKeys: read.texts('transitiveTagKeys'),
    ...(read.has('sourceIdentity') && {
      sourceIdentity: read.oneOf('sourceIdentity', ['certificateId']),
    }),
    requireThingName: read.flag('requireThingName'),
    longDuration: read.oneOf('longDuration', ['clamp', 'refuse']),
  }
}

/** What is left of a deleted role alias that was scoped: who makes the alias again finds it scoped. */
export type RoleAliasTombstone = {
  readonly tenantId: TenantId
  readonly roleAlias: RoleAlias
  readonly deletedAt: Date
}

/** Writes a tombstone as an item. */
export function encodeRoleAliasTombstone(tombstone: RoleAliasTombstone): Item {
  const { pk, sk } = roleAliasTombstoneKey(tombstone.tenantId, tombstone.roleAlias)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(TOMBSTONE_KIND),
    tenantId: text(tombstone.tenantId),
    roleAlias: text(tombstone.roleAlias),
    deletedAt: instant(tombstone.deletedAt),
  }
}

/**
 * Reads a tombstone.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeRoleAliasTombstone(item: Item): RoleAliasTombstone {
  const read = openItem(item, TOMBSTONE_KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  const roleAlias = read.parsed('roleAlias', parseRoleAlias)
  read.liesAt(roleAliasTombstoneKey(tenantId, roleAlias))
  return { tenantId, roleAlias, deletedAt: read.instant('deletedAt') }
}
