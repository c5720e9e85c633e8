import { parseTenantId, type TenantId } from '@thingpass/core/names'
import type { TenantRecord } from '@thingpass/core/records'
import type { TenantDescription } from '@thingpass/core/registry-writes/tenants'
import { refuse, succeed } from '../api-error.ts'
import { TENANT_ID } from '../certificate-fields.ts'
import { body, type InputOf, label, needed } from '../members.ts'
import { defineDeploymentOperation } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { readPage, TOKEN_PAGE } from '../pagination.ts'
import { TENANT_SETTINGS, TENANT_STATUS } from '../tenant-shape.ts'
import { unknownTenant } from '../unknown-tenant.ts'

const ALL = '/thingpass/tenants'
const ONE = '/thingpass/tenants/{tenant}'
const IDENTITY = { tenant: label(TENANT_ID) } as const
const EXTERNAL_ID_OCTETS = 16

const createTenant = defineDeploymentOperation({
  name: 'CreateTenant',
  method: 'POST',
  path: ALL,
  strict: true,
  input: { tenantId: needed(body(TENANT_ID)), status: body(TENANT_STATUS), ...TENANT_SETTINGS },
  errors: ['ResourceAlreadyExistsException', 'ConflictException'],
  run: async ({ tenantId, status = 'ENABLED', ...settings }, { registry, ports }) => {
    // Else a new tenant would inherit what was registered while an earlier one of its name was deleted.
    if ((await registry.getTenant(tenantId)) !== undefined) return exists(tenantId)
    if (!(await registry.isTenantEmpty(tenantId))) {
      const message = `Records of an earlier tenant ${tenantId} are still there`
      return refuse('ConflictException', message)
    }
    const externalId = `thingpass-${ports.randomHex(EXTERNAL_ID_OCTETS)}`
    const record = { tenantId, status, externalId, ...recordOf(settings) }
    const outcome = await registry.putTenant({ record, only: 'new' })
    return outcome.ok ? succeed(record) : exists(tenantId)
  },
})

const describeTenant = defineDeploymentOperation({
  name: 'DescribeTenant',
  method: 'GET',
  path: ONE,
  input: IDENTITY,
  errors: ['ResourceNotFoundException'],
  run: async ({ tenant: tenantId }, { registry }) => {
    const found = await registry.getTenant(tenantId)
    if (found === undefined) return unknownTenant(tenantId)
    const { record, createdAt, modifiedAt } = found
    const dates = {
      creationDate: epochSeconds(createdAt),
      lastModifiedDate: epochSeconds(modifiedAt),
    }
    return succeed({ ...record, ...dates })
  },
})

const updateTenant = defineDeploymentOperation({
  name: 'UpdateTenant',
  method: 'PUT',
  path: ONE,
  strict: true,
  // A PUT writes the whole record, and one that forgets the status must not enable a tenant.
  input: { ...IDENTITY, status: needed(body(TENANT_STATUS)), ...TENANT_SETTINGS },
  errors: ['ResourceNotFoundException'],
  run: async ({ tenant: tenantId, status, ...settings }, { registry }) => {
    const found = await registry.getTenant(tenantId)
    if (found === undefined) return unknownTenant(tenantId)
    const { externalId } = found.record
    const record = { tenantId, status, externalId, ...recordOf(settings) }
    const outcome = await registry.putTenant({ record, only: 'known' })
    return outcome.ok ? succeed(record) : unknownTenant(tenantId)
  },
})

const deleteTenant = defineDeploymentOperation({
  name: 'DeleteTenant',
  method: 'DELETE',
  path: ONE,
  input: IDENTITY,
  errors: ['ResourceNotFoundException', 'DeleteConflictException'],
  run: async ({ tenant: tenantId }, { registry }) => {
    const outcome = await registry.deleteTenant(tenantId)
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'tenant-unknown') return unknownTenant(tenantId)
    const message = `Tenant ${tenantId} cannot be deleted as it still has records`
    return refuse('DeleteConflictException', message)
  },
})

const listTenants = defineDeploymentOperation({
  name: 'ListTenants',
  method: 'GET',
  path: ALL,
  input: TOKEN_PAGE,
  errors: [],
  run: async ({ maxResults: size, nextToken: token }, { registry }) => {
    const page = await readPage(
      { size, token },
      {
        parseKey: parseTenantId,
        keyOf: ({ record }: TenantDescription) => record.tenantId,
        list: (range) => registry.listTenants(range),
      },
    )
    if (!page.ok) return page
    const tenants = page.items.map(({ record: { tenantId, status } }) => ({ tenantId, status }))
    return succeed({ tenants, nextToken: page.token })
  },
})

/** Tenants: the administrator's, ours and not AWS's. The external id is shown, for the trust policies of a tenant's roles name it. */
export const TENANT_OPERATIONS = [
  createTenant,
  describeTenant,
  updateTenant,
  deleteTenant,
  listTenants,
]

function exists(tenantId: TenantId) {
  return refuse('ResourceAlreadyExistsException', `Tenant ${tenantId} already exists`)
}

/** What a member is that was not sent: lists are empty and flags off, so that nothing is open that nobody has opened. */
function recordOf(
  settings: InputOf<typeof TENANT_SETTINGS>,
): Omit<TenantRecord, 'tenantId' | 'status' | 'externalId'> {
  const { rateLimit } = settings
  return {
    roleArnPatterns: settings.roleArnPatterns ?? [],
    sessionTagKeys: settings.sessionTagKeys ?? [],
    certificatesWithoutCa: settings.certificatesWithoutCa ?? false,
    apiArnPatterns: settings.apiArnPatterns ?? [],
    ...(rateLimit === undefined ? {} : { rateLimit }),
    defaultThing: settings.defaultThing ?? 'never',
    inactiveCaRefusesDevices: settings.inactiveCaRefusesDevices ?? false,
    ...(settings.revocationListRequired && { revocationListRequired: true as const }),
    authorizerRequiresThing: settings.authorizerRequiresThing ?? true,
  }
}
