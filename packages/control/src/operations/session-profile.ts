import { DEFAULT_SESSION_PROFILE, type SessionProfile } from '@thingpass/core/records'
import type { SessionProfileInput } from '@thingpass/core/registry-writes/role-aliases'
import { checkSessionProfile } from '@thingpass/core/session/session-profile'
import { refuse, succeed } from '../api-error.ts'
import { listOf, mapOf } from '../compound-shape.ts'
import { ROLE_ALIAS } from '../fields.ts'
import { body, label } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { refuseRole } from '../role-permission.ts'
import { flag, oneOf, text } from '../shape.ts'
import { unknownRoleAlias } from './role-aliases.ts'

const PATH = '/thingpass/role-aliases/{roleAlias}/session-profile'

/** Bounds of the wire; which keys and values a tag may have is checked with the whole profile. */
const TAG_KEY = text({ shortest: 1, longest: 128 })
const TAG_TEMPLATE = text({ longest: 1024 })
const MOST_TAGS = 50

const getSessionProfile = defineOperation({
  name: 'GetSessionProfile',
  method: 'GET',
  path: PATH,
  input: { roleAlias: label(ROLE_ALIAS) },
  errors: ['ResourceNotFoundException'],
  run: async ({ roleAlias }, { registry, tenant }) => {
    const profile = await registry.getSessionProfile({ tenantId: tenant.tenantId, roleAlias })
    return profile === undefined ? unknownRoleAlias(roleAlias) : succeed(describe(profile))
  },
})

const putSessionProfile = defineOperation({
  name: 'PutSessionProfile',
  method: 'PUT',
  path: PATH,
  strict: true,
  input: {
    roleAlias: label(ROLE_ALIAS),
    scope: body(oneOf(['role', 'session-policy'])),
    tags: body(mapOf(TAG_KEY, TAG_TEMPLATE, MOST_TAGS)),
    transitiveTagKeys: body(listOf(TAG_KEY, 0, MOST_TAGS)),
    sourceIdentity: body(oneOf(['certificateId'])),
    requireThingName: body(flag()),
    longDuration: body(oneOf(['clamp', 'refuse'])),
  },
  errors: ['ResourceNotFoundException', 'AccessDeniedException', 'ConflictException'],
  run: async ({ roleAlias, ...settings }, context) => {
    const { registry, tenant } = context
    const identity = { tenantId: tenant.tenantId, roleAlias }
    const profile = profileOf(settings)
    const problems = checkSessionProfile({ ...DEFAULT_SESSION_PROFILE, ...profile }, tenant)
    if (problems.length > 0) return refuse('InvalidRequestException', problems.join('; '))
    const described = await registry.describeRoleAlias(identity)
    if (described === undefined) return unknownRoleAlias(roleAlias)
    const { roleArn } = described.record
    // Without a session policy devices get all that the role has: whoever allows that must be able to give it away.
    const widens = profile.scope === 'role'
    const refusal = widens ? await refuseRole(roleArn, context) : undefined
    if (refusal !== undefined) return refusal
    const passed = widens ? { passedRoleArn: roleArn } : {}
    const outcome = await registry.putSessionProfile({ ...identity, profile, ...passed })
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'role-alias-unknown') return unknownRoleAlias(roleAlias)
    return refuse('ConflictException', CONFLICTS[outcome.conflict])
  },
})

const CONFLICTS = {
  'policies-attached': 'Detach all policies from the role alias before its scope can be role',
  'role-not-passed': 'The role alias was given another role meanwhile',
} as const

const deleteSessionProfile = defineOperation({
  name: 'DeleteSessionProfile',
  method: 'DELETE',
  path: PATH,
  input: { roleAlias: label(ROLE_ALIAS) },
  errors: ['ResourceNotFoundException'],
  run: async ({ roleAlias }, { registry, tenant }) => {
    const outcome = await registry.deleteSessionProfile({ tenantId: tenant.tenantId, roleAlias })
    return outcome.ok ? succeed() : unknownRoleAlias(roleAlias)
  },
})

/** Session profiles of role aliases: ours, not AWS's. */
export const SESSION_PROFILE_OPERATIONS = [
  getSessionProfile,
  putSessionProfile,
  deleteSessionProfile,
]

type Settings = { readonly [Name in keyof SessionProfile]?: SessionProfile[Name] | undefined }

/** A PUT writes the whole profile: what it does not name is as in an alias that has none, but for the scope. */
function profileOf({ scope, sourceIdentity, ...settings }: Settings): SessionProfileInput {
  const usual = DEFAULT_SESSION_PROFILE
  return {
    ...(scope === undefined ? {} : { scope }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    tags: settings.tags ?? usual.tags,
    transitiveTagKeys: settings.transitiveTagKeys ?? usual.transitiveTagKeys,
    requireThingName: settings.requireThingName ?? usual.requireThingName,
    longDuration: settings.longDuration ?? usual.longDuration,
  }
}

function describe(profile: SessionProfile): object {
  return { ...profile, tags: Object.fromEntries(profile.tags) }
}
