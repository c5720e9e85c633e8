import { DEFAULT_SESSION_PROFILE, type RoleAliasRecord } from '../src/records.ts'
import type { RoleAliasIdentity, RoleAliasWrites } from '../src/registry-writes/role-aliases.ts'
import { edgesOf, type FakeWorld, keyOf, refuse } from './fake-registry-state.ts'
import { dropTags, setTags } from './fake-registry-tags.ts'

/** Role aliases of a fake registry. */
export function fakeRoleAliasWrites({ state, now, note }: FakeWorld): RoleAliasWrites {
  const find = ({ tenantId, roleAlias }: RoleAliasIdentity) =>
    state.aliases.get(keyOf(tenantId, roleAlias))
  const hasPolicies = ({ tenantId, roleAlias }: RoleAliasIdentity) =>
    edgesOf(state, tenantId, { kind: 'role-alias', roleAlias }).length > 0
  const change = (
    identity: RoleAliasIdentity,
    changes: Partial<RoleAliasRecord>,
    action: string,
  ) => {
    const alias = find(identity)
    if (!alias) return refuse('role-alias-unknown')
    const { tenantId, roleAlias } = identity
    const record = { ...alias.record, ...changes }
    state.aliases.set(keyOf(tenantId, roleAlias), { ...alias, record, modifiedAt: now() })
    note(tenantId, action, `rolealias/${roleAlias}`)
    return { ok: true } as const
  }
  return {
    createRoleAlias: async ({ tenantId, tags, ...input }) => {
      const { roleAlias } = input
      if (find({ tenantId, roleAlias })) return refuse('role-alias-exists')
      const key = keyOf(tenantId, roleAlias)
      const scope = state.tombstones.delete(key) ? 'session-policy' : 'role'
      const record = { ...input, sessionProfile: { ...DEFAULT_SESSION_PROFILE, scope } as const }
      state.aliases.set(key, { record, createdAt: now(), modifiedAt: now() })
      setTags(state, { tenantId, resource: { kind: 'role-alias', roleAlias } }, tags)
      note(tenantId, 'create-role-alias', `rolealias/${roleAlias}`)
      return { ok: true }
    },
    updateRoleAlias: async ({ tenantId, roleAlias, ...changes }) =>
      change({ tenantId, roleAlias }, changes, 'update-role-alias'),
    describeRoleAlias: async (identity) => find(identity),
    deleteRoleAlias: async ({ tenantId, roleAlias }) => {
      const alias = find({ tenantId, roleAlias })
      if (!alias) return refuse('role-alias-unknown')
      if (hasPolicies({ tenantId, roleAlias })) return refuse('policies-attached')
      const key = keyOf(tenantId, roleAlias)
      state.aliases.delete(key)
      dropTags(state, { tenantId, resource: { kind: 'role-alias', roleAlias } })
      if (alias.record.sessionProfile.scope !== 'role') state.tombstones.add(key)
      note(tenantId, 'delete-role-alias', `rolealias/${roleAlias}`)
      return { ok: true }
    },
    getSessionProfile: async (identity) => find(identity)?.record.sessionProfile,
    putSessionProfile: async ({ profile, passedRoleArn, ...identity }) => {
      const alias = find(identity)
      if (!alias) return refuse('role-alias-unknown')
      if (profile.scope === 'role') {
        if (hasPolicies(identity)) return refuse('policies-attached')
        if (alias.record.roleArn !== passedRoleArn) return refuse('role-not-passed')
      }
      const { scope } = alias.record.sessionProfile
      return change(identity, { sessionProfile: { scope, ...profile } }, 'put-session-profile')
    },
    deleteSessionProfile: async (identity) => {
      const scope = find(identity)?.record.sessionProfile.scope ?? 'session-policy'
      const sessionProfile = { ...DEFAULT_SESSION_PROFILE, scope }
      return change(identity, { sessionProfile }, 'delete-session-profile')
    },
  }
}
