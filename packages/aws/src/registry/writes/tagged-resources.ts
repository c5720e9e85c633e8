import type { TenantId } from '@thingpass/core/names'
import type { TaggedIdentity, TaggedResource } from '@thingpass/core/registry-writes/tags'
import { type Item, text } from '../attributes.ts'
import { caKey, policyKey, roleAliasKey, thingGroupKey, thingTypeKey } from '../keys.ts'
import { readCa } from './ca-reads.ts'
import { readPolicy } from './policies.ts'
import { readRoleAlias } from './role-aliases.ts'
import type { TagOwner } from './tag-items.ts'
import { readThingGroup } from './thing-group-parts.ts'
import { readThingType } from './thing-types.ts'
import type { Registry } from './transaction.ts'

/** A live record that can have tags. */
export type Tagged = TagOwner & {
  /** The attribute that tells this record from a later one of the same name. */
  readonly same: Item
  /** As the audit names it. */
  readonly subject: string
}

type Of<Kind extends TaggedResource['kind']> = Extract<TaggedResource, { readonly kind: Kind }>

/** Reads what is to be tagged. */
export function readTagged(
  registry: Registry,
  { tenantId, resource }: TaggedIdentity,
): Promise<Tagged | undefined> {
  switch (resource.kind) {
    case 'ca-certificate':
      return taggedCa(registry, tenantId, resource)
    case 'policy':
      return taggedPolicy(registry, tenantId, resource)
    case 'role-alias':
      return taggedAlias(registry, tenantId, resource)
    case 'thing-group':
      return taggedGroup(registry, tenantId, resource)
    case 'thing-type':
      return taggedType(registry, tenantId, resource)
  }
}

async function taggedCa(
  registry: Registry,
  tenantId: TenantId,
  { caCertificateId }: Of<'ca-certificate'>,
): Promise<Tagged | undefined> {
  const ca = await readCa(registry, { tenantId, caCertificateId })
  return (
    ca && {
      key: caKey(tenantId, caCertificateId),
      ownerId: ca.generationId,
      same: { generationId: text(ca.generationId) },
      subject: `cacert/${caCertificateId}`,
    }
  )
}

async function taggedPolicy(
  registry: Registry,
  tenantId: TenantId,
  { policyName }: Of<'policy'>,
): Promise<Tagged | undefined> {
  const policy = await readPolicy(registry, { tenantId, policyName })
  return (
    policy && {
      key: policyKey(tenantId, policyName),
      ownerId: policy.generationId,
      same: { generationId: text(policy.generationId) },
      subject: `policy/${policyName}`,
    }
  )
}

async function taggedAlias(
  registry: Registry,
  tenantId: TenantId,
  { roleAlias }: Of<'role-alias'>,
): Promise<Tagged | undefined> {
  const alias = await readRoleAlias(registry, { tenantId, roleAlias })
  return (
    alias && {
      key: roleAliasKey(tenantId, roleAlias),
      ownerId: alias.aliasId,
      same: { aliasId: text(alias.aliasId) },
      subject: `rolealias/${roleAlias}`,
    }
  )
}

async function taggedGroup(
  registry: Registry,
  tenantId: TenantId,
  { groupName }: Of<'thing-group'>,
): Promise<Tagged | undefined> {
  const group = await readThingGroup(registry, { tenantId, groupName })
  return (
    group && {
      key: thingGroupKey(tenantId, groupName),
      ownerId: group.groupId,
      same: { groupId: text(group.groupId) },
      subject: `thinggroup/${groupName}`,
    }
  )
}

async function taggedType(
  registry: Registry,
  tenantId: TenantId,
  { thingTypeName }: Of<'thing-type'>,
): Promise<Tagged | undefined> {
  const type = await readThingType(registry, { tenantId, thingTypeName })
  return (
    type && {
      key: thingTypeKey(tenantId, thingTypeName),
      ownerId: type.thingTypeId,
      same: { thingTypeId: text(type.thingTypeId) },
      subject: `thingtype/${thingTypeName}`,
    }
  )
}
