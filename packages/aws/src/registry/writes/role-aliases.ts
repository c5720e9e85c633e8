import {
  DEFAULT_SESSION_PROFILE,
  type RoleAliasRecord,
  type SessionProfile,
} from '@thingpass/core/records'
import type {
  RoleAliasIdentity,
  RoleAliasWrites,
} from '@thingpass/core/registry-writes/role-aliases'
import { number, text } from '../attributes.ts'
import {
  decodeRoleAlias,
  decodeRoleAliasTombstone,
  encodeRoleAlias,
  encodeRoleAliasTombstone,
  type RoleAliasItem,
} from '../items/role-alias.ts'
import { roleAliasKey, roleAliasTombstoneKey } from '../keys.ts'
import { unchanged } from './expression.ts'
import { change, refuse } from './plan.ts'
import { dropTags, putTags } from './tag-items.ts'
import type { Registry } from './transaction.ts'

type Creating = Parameters<RoleAliasWrites['createRoleAlias']>[0]
type PuttingProfile = Parameters<RoleAliasWrites['putSessionProfile']>[0]

/** Makes the changes of role aliases. */
export function roleAliasWrites(registry: Registry): RoleAliasWrites {
  return {
    createRoleAlias: (input) => registry.change(() => planCreation(registry, input)),
    updateRoleAlias: ({ roleArn, credentialDurationSeconds, ...identity }) =>
      registry.change(() =>
        planUpdate(registry, identity, 'update-role-alias', {
          ...(roleArn !== undefined && { roleArn }),
          ...(credentialDurationSeconds !== undefined && { credentialDurationSeconds }),
        }),
      ),
    describeRoleAlias: async (identity) => {
      const alias = await readRoleAlias(registry, identity)
      return (
        alias && { record: alias.record, createdAt: alias.createdAt, modifiedAt: alias.modifiedAt }
      )
    },
    deleteRoleAlias: (identity) => registry.change(() => planDeletion(registry, identity)),
    getSessionProfile: async (identity) =>
      (await readRoleAlias(registry, identity))?.record.sessionProfile,
    putSessionProfile: (input) => registry.change(() => planProfile(registry, input)),
    deleteSessionProfile: (identity) =>
      registry.change(() => planProfileDeletion(registry, identity)),
  }
}

/** Reads a role alias of a tenant. */
export async function readRoleAlias(
  registry: Registry,
  { tenantId, roleAlias }: RoleAliasIdentity,
): Promise<RoleAliasItem | undefined> {
  const item = await registry.get(roleAliasKey(tenantId, roleAlias))
  return item && decodeRoleAlias(item)
}

async function planCreation(registry: Registry, input: Creating) {
  const { tenantId, roleAlias, roleArn, credentialDurationSeconds } = input
  if (await readRoleAlias(registry, input)) return refuse('role-alias-exists')
  const tombstoneKey = roleAliasTombstoneKey(tenantId, roleAlias)
  const tombstone = await registry.get(tombstoneKey)
  const scoped =
    tombstone !== undefined && decodeRoleAliasTombstone(tombstone).tenantId === tenantId
  const scope = scoped ? 'session-policy' : 'role'
  const sessionProfile: SessionProfile = { ...DEFAULT_SESSION_PROFILE, scope }
  const record = { roleAlias, roleArn, credentialDurationSeconds, sessionProfile }
  const now = registry.now()
  const aliasId = registry.newId()
  const item = encodeRoleAlias({
    record,
    tenantId,
    aliasId,
    policyCount: 0,
    createdAt: now,
    modifiedAt: now,
  })
  return change(
    {},
    {
      writes: [
        registry.put(item, { missing: true }),
        scoped
          ? registry.remove(tombstoneKey, {})
          : registry.check(tombstoneKey, { missing: true }),
        ...putTags(
          registry,
          { key: roleAliasKey(tenantId, roleAlias), ownerId: aliasId },
          input.tags,
        ),
      ],
      audit: { ...auditOf(input, 'create-role-alias'), after: summaryOf(record) },
    },
  )
}

async function planUpdate(
  registry: Registry,
  identity: RoleAliasIdentity,
  action: string,
  changes: Partial<RoleAliasRecord>,
) {
  const alias = await readRoleAlias(registry, identity)
  if (!alias) return refuse('role-alias-unknown')
  return change({}, writeOver(registry, alias, { action, changes }))
}

/** Writes the alias whole, if it is still as it was read: scope, role and policy count included. */
function writeOver(
  registry: Registry,
  alias: RoleAliasItem,
  { action, changes }: { readonly action: string; readonly changes: Partial<RoleAliasRecord> },
) {
  const record = { ...alias.record, ...changes }
  const item = encodeRoleAlias({ ...alias, record, modifiedAt: registry.now() })
  const { tenantId } = alias
  return {
    writes: [registry.put(item, unchanged(encodeRoleAlias(alias), ['sourceIdentity']))],
    audit: {
      ...auditOf({ tenantId, roleAlias: record.roleAlias }, action),
      before: summaryOf(alias.record),
      after: summaryOf(record),
    },
  }
}

async function planDeletion(registry: Registry, identity: RoleAliasIdentity) {
  const alias = await readRoleAlias(registry, identity)
  if (!alias) return refuse('role-alias-unknown')
  if (alias.policyCount > 0) return refuse('policies-attached')
  const { tenantId, roleAlias } = identity
  const key = roleAliasKey(tenantId, roleAlias)
  const { scope } = alias.record.sessionProfile
  const same = { aliasId: text(alias.aliasId), scope: text(scope), policyCount: number(0) }
  const tombstone = encodeRoleAliasTombstone({ tenantId, roleAlias, deletedAt: registry.now() })
  return change(
    {},
    {
      writes: [
        registry.remove(key, { equal: same }),
        dropTags(registry, key),
        ...(scope === 'role' ? [] : [registry.put(tombstone)]),
      ],
      audit: {
        ...auditOf(identity, 'delete-role-alias'),
        before: { aliasId: alias.aliasId, ...summaryOf(alias.record) },
      },
    },
  )
}

async function planProfile(registry: Registry, input: PuttingProfile) {
  const alias = await readRoleAlias(registry, input)
  if (!alias) return refuse('role-alias-unknown')
  const { scope = alias.record.sessionProfile.scope, ...settings } = input.profile
  if (input.profile.scope === 'role') {
    if (alias.policyCount > 0) return refuse('policies-attached')
    if (alias.record.roleArn !== input.passedRoleArn) return refuse('role-not-passed')
  }
  const changes = { sessionProfile: { scope, ...settings } }
  return change({}, writeOver(registry, alias, { action: 'put-session-profile', changes }))
}

async function planProfileDeletion(registry: Registry, identity: RoleAliasIdentity) {
  const alias = await readRoleAlias(registry, identity)
  if (!alias) return refuse('role-alias-unknown')
  const { scope } = alias.record.sessionProfile
  const changes = { sessionProfile: { ...DEFAULT_SESSION_PROFILE, scope } }
  return change({}, writeOver(registry, alias, { action: 'delete-session-profile', changes }))
}

const summaryOf = ({ roleArn, credentialDurationSeconds, sessionProfile }: RoleAliasRecord) => ({
  roleArn,
  credentialDurationSeconds,
  scope: sessionProfile.scope,
  tagKeys: [...sessionProfile.tags.keys()].join(' '),
  transitiveTagKeys: sessionProfile.transitiveTagKeys.join(' '),
  sourceIdentity: sessionProfile.sourceIdentity,
  requireThingName: sessionProfile.requireThingName,
  longDuration: sessionProfile.longDuration,
})

const auditOf = ({ tenantId, roleAlias }: RoleAliasIdentity, action: string) => ({
  tenantId,
  action,
  subject: `rolealias/${roleAlias}`,
})
