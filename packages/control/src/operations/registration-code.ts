import { refuse, succeed } from '../api-error.ts'
import { defineOperation } from '../operation.ts'

const PATH = '/registrationcode'
/** 64 digits. */
const CODE_OCTETS = 32

const getRegistrationCode = defineOperation({
  name: 'GetRegistrationCode',
  method: 'GET',
  path: PATH,
  input: {},
  errors: [],
  run: async (_, { registry, tenant, ports }) => {
    const { tenantId } = tenant
    const kept = await registry.getRegistrationCode(tenantId)
    if (kept !== undefined) return succeed({ registrationCode: kept })
    const { code: registrationCode } = await registry.keepRegistrationCode({
      tenantId,
      code: ports.randomHex(CODE_OCTETS),
    })
    return succeed({ registrationCode })
  },
})

const deleteRegistrationCode = defineOperation({
  name: 'DeleteRegistrationCode',
  method: 'DELETE',
  path: PATH,
  input: {},
  errors: ['ResourceNotFoundException'],
  run: async (_, { registry, tenant }) => {
    const outcome = await registry.deleteRegistrationCode(tenant.tenantId)
    return outcome.ok
      ? succeed()
      : refuse('ResourceNotFoundException', 'There is no registration code')
  },
})

/** The code that a tenant's verification certificates carry: made when it is first asked for, the same until it is deleted. */
export const REGISTRATION_CODE_OPERATIONS = [getRegistrationCode, deleteRegistrationCode]
