import type { TenantId } from '@thingpass/core/names'
import type { RegistrationCodeWrites } from '@thingpass/core/registry-writes/registration-codes'
import { text } from '../attributes.ts'
import {
  decodeRegistrationCode,
  encodeRegistrationCode,
  type RegistrationCode,
} from '../items/registration-code.ts'
import { registrationCodeKey } from '../keys.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import type { Registry } from './transaction.ts'

/** Makes the changes of registration codes. No audit item has a code in it. */
export function registrationCodeWrites(registry: Registry): RegistrationCodeWrites {
  return {
    getRegistrationCode: async (tenantId) => (await readCode(registry, tenantId))?.code,
    keepRegistrationCode: ({ tenantId, code }) =>
      registry.change(async () => {
        const kept = await readCode(registry, tenantId)
        if (kept) return nothingToDo({ code: kept.code })
        const item = encodeRegistrationCode({ tenantId, code, madeAt: registry.now() })
        const audit = auditOf(tenantId, 'make-registration-code')
        return change({ code }, { writes: [registry.put(item, { missing: true })], audit })
      }),
    deleteRegistrationCode: (tenantId) =>
      registry.change(async () => {
        const kept = await readCode(registry, tenantId)
        if (!kept) return refuse('registration-code-unknown')
        const unchanged = { equal: { code: text(kept.code) } }
        const remove = registry.remove(registrationCodeKey(tenantId), unchanged)
        const audit = auditOf(tenantId, 'delete-registration-code')
        return change({}, { writes: [remove], audit })
      }),
  }
}

async function readCode(
  registry: Registry,
  tenantId: TenantId,
): Promise<RegistrationCode | undefined> {
  const item = await registry.get(registrationCodeKey(tenantId))
  return item && decodeRegistrationCode(item)
}

const auditOf = (tenantId: TenantId, action: string) => ({
  tenantId,
  action,
  subject: 'registrationcode',
})
