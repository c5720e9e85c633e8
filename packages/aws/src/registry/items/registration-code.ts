import { parseTenantId, type TenantId } from '@thingpass/core/names'
import { type Item, instant, openItem, text } from '../attributes.ts'
import { registrationCodeKey } from '../keys.ts'
import { parseDigest } from './ca-claim.ts'

const KIND = 'registration-code'

/** The code that a tenant proves with that it has a CA's private key. */
export type RegistrationCode = {
  readonly tenantId: TenantId
  /** 64 lower-case hex digits. */
  readonly code: string
  readonly madeAt: Date
}

/** Writes a code as an item. */
export function encodeRegistrationCode({ tenantId, code, madeAt }: RegistrationCode): Item {
  const { pk, sk } = registrationCodeKey(tenantId)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    tenantId: text(tenantId),
    code: text(code),
    madeAt: instant(madeAt),
  }
}

/**
 * Reads a code.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeRegistrationCode(item: Item): RegistrationCode {
  const read = openItem(item, KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  read.liesAt(registrationCodeKey(tenantId))
  return { tenantId, code: read.parsed('code', parseDigest), madeAt: read.instant('madeAt') }
}
