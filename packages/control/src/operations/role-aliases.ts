import type { RoleAlias } from '@thingpass/core/names'
import { refuse, succeed } from '../api-error.ts'
import type { Arns } from '../arn.ts'
import { CREDENTIAL_DURATION, ROLE_ALIAS, ROLE_ARN } from '../fields.ts'
import { body, label, needed } from '../members.ts'
import { defineOperation, type OperationContext } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { MARKER_ORDER, MARKER_PAGE, readPart } from '../pagination.ts'
import { refuseRole } from '../role-permission.ts'
import { NO_TAGS, TAGS } from '../tag-shape.ts'

/** Source: AWS IoT API reference, CreateRoleAlias. */
const USUAL_DURATION_SECONDS = 3600

const createRoleAlias = defineOperation({
  name: 'CreateRoleAlias',
  method: 'POST',
  path: '/role-aliases/{roleAlias}',
  input: {
    roleAlias: label(ROLE_ALIAS),
    roleArn: needed(body(ROLE_ARN)),
    credentialDurationSeconds: body(CREDENTIAL_DURATION),
    tags: body(TAGS),
  },
  errors: ['ResourceAlreadyExistsException', 'AccessDeniedException'],
  run: async (input, context) => {
    const { roleAlias, roleArn, tags = NO_TAGS } = input
    const { credentialDurationSeconds = USUAL_DURATION_SECONDS } = input
    const { registry, arns, tenant } = context
    const refusal = await refuseRole(roleArn, context)
    if (refusal !== undefined) return refusal
    const { tenantId } = tenant
    const created = { tenantId, roleAlias, roleArn, credentialDurationSeconds, tags }
    const outcome = await registry.createRoleAlias(created)
    if (outcome.ok) return succeed(namesOf(roleAlias, arns))
    const message = `RoleAlias cannot be created - already exists (name=${roleAlias})`
    const { roleAliasArn } = namesOf(roleAlias, arns)
    return refuse('ResourceAlreadyExistsException', message, { id: roleAlias, arn: roleAliasArn })
  },
})

const updateRoleAlias = defineOperation({
  name: 'UpdateRoleAlias',
  method: 'PUT',
  path: '/role-aliases/{roleAlias}',
  input: {
    roleAlias: label(ROLE_ALIAS),
    roleArn: body(ROLE_ARN),
    credentialDurationSeconds: body(CREDENTIAL_DURATION),
  },
  errors: ['ResourceNotFoundException', 'AccessDeniedException'],
  run: async ({ roleAlias, roleArn, credentialDurationSeconds }, context) => {
    const { registry, arns, tenant } = context
    const refusal = roleArn === undefined ? undefined : await refuseRole(roleArn, context)
    if (refusal !== undefined) return refusal
    const outcome = await registry.updateRoleAlias({
      tenantId: tenant.tenantId,
      roleAlias,
      ...(roleArn === undefined ? {} : { roleArn }),
      ...(credentialDurationSeconds === undefined ? {} : { credentialDurationSeconds }),
    })
    return outcome.ok ? succeed(namesOf(roleAlias, arns)) : unknownRoleAlias(roleAlias)
  },
})

const describeRoleAlias = defineOperation({
  name: 'DescribeRoleAlias',
  method: 'GET',
  path: '/role-aliases/{roleAlias}',
  input: { roleAlias: label(ROLE_ALIAS) },
  errors: ['ResourceNotFoundException'],
  run: async ({ roleAlias }, { registry, arns, tenant, ports }) => {
    const found = await registry.describeRoleAlias({ tenantId: tenant.tenantId, roleAlias })
    if (found === undefined) return unknownRoleAlias(roleAlias)
    const { record, createdAt, modifiedAt } = found
    const roleAliasDescription = {
      ...namesOf(roleAlias, arns),
      roleArn: record.roleArn,
      owner: ports.settings.deployment.accountId,
      credentialDurationSeconds: record.credentialDurationSeconds,
      creationDate: epochSeconds(createdAt),
      lastModifiedDate: epochSeconds(modifiedAt),
    }
    return succeed({ roleAliasDescription })
  },
})

const deleteRoleAlias = defineOperation({
  name: 'DeleteRoleAlias',
  method: 'DELETE',
  path: '/role-aliases/{roleAlias}',
  input: { roleAlias: label(ROLE_ALIAS) },
  errors: ['ResourceNotFoundException', 'DeleteConflictException'],
  run: async ({ roleAlias }, { registry, tenant }: OperationContext) => {
    const outcome = await registry.deleteRoleAlias({ tenantId: tenant.tenantId, roleAlias })
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'role-alias-unknown') return unknownRoleAlias(roleAlias)
    const message = `The role alias cannot be deleted as policies are attached to it (name=${roleAlias})`
    return refuse('DeleteConflictException', message)
  },
})

const listRoleAliases = defineOperation({
  name: 'ListRoleAliases',
  method: 'GET',
  path: '/role-aliases',
  input: { ...MARKER_PAGE, ...MARKER_ORDER },
  errors: [],
  run: async ({ pageSize, marker, ascendingOrder }, { registry, tenant }) => {
    const { tenantId } = tenant
    const request = { size: pageSize, token: marker, ascending: ascendingOrder }
    const page = await readPart(request, (part) => registry.listRoleAliases({ tenantId, ...part }))
    return page.ok ? succeed({ roleAliases: page.items, nextMarker: page.token }) : page
  },
})

/** Role aliases. */
export const ROLE_ALIAS_OPERATIONS = [
  createRoleAlias,
  updateRoleAlias,
  describeRoleAlias,
  deleteRoleAlias,
  listRoleAliases,
]

function namesOf(roleAlias: RoleAlias, arns: Arns) {
  return { roleAlias, roleAliasArn: arns.format({ kind: 'role-alias', roleAlias }) }
}

/** The role alias is not there, or is another tenant's. */
export function unknownRoleAlias(roleAlias: RoleAlias) {
  return refuse('ResourceNotFoundException', `RoleAlias not found (name=${roleAlias})`)
}
