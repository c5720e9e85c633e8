import { type CaWrites, MAX_CAS_OF_ONE_SUBJECT } from '../src/registry-writes/cas.ts'
import type { TenantWrites } from '../src/registry-writes/tenants.ts'
import { type FakeCa, type FakeWorld, keyOf, refuse } from './fake-registry-state.ts'

/** Tenants of a fake registry. */
export function fakeTenantWrites({ state, now, note }: FakeWorld): TenantWrites {
  return {
    getTenant: async (tenantId) => state.tenants.get(tenantId),
    putTenant: async ({ record, only }) => {
      const before = state.tenants.get(record.tenantId)
      if (only === 'new' && before) return refuse('tenant-exists')
      if (only === 'known' && !before) return refuse('tenant-unknown')
      const createdAt = before?.createdAt ?? now()
      state.tenants.set(record.tenantId, { record, createdAt, modifiedAt: now() })
      note(record.tenantId, before ? 'update-tenant' : 'create-tenant', `tenant/${record.tenantId}`)
      return { ok: true, created: before === undefined }
    },
  }
}

/** CAs of a fake registry. */
export function fakeCaWrites({ state, now, note }: FakeWorld): CaWrites {
  const find = ({ tenantId, caCertificateId }: Parameters<CaWrites['getCa']>[0]) =>
    state.cas.get(keyOf(tenantId, caCertificateId))
  const put = (ca: FakeCa, action: string) => {
    const { tenantId, caCertificateId } = ca.record
    state.cas.set(keyOf(tenantId, caCertificateId), ca)
    note(tenantId, action, `cacert/${caCertificateId}`)
  }
  return {
    registerCa: async ({ publicKeySha256: key, subjectSha256: subject, ...ca }) => {
      if (find(ca.record)) return refuse('ca-exists')
      const all = [...state.cas.values()]
      const rivals = all.filter((other) => other.key === key || other.subject === subject)
      if (rivals.some((other) => other.record.tenantId !== ca.record.tenantId)) {
        return refuse('ca-of-other-tenant')
      }
      if (all.filter((other) => other.subject === subject).length >= MAX_CAS_OF_ONE_SUBJECT) {
        return refuse('too-many-cas-of-subject')
      }
      put({ ...ca, key, subject, createdAt: now(), modifiedAt: now() }, 'register-ca')
      return { ok: true }
    },
    getCa: async (identity) => {
      const ca = find(identity)
      if (!ca) return undefined
      const { key: _key, subject: _subject, ...description } = ca
      return description
    },
    updateCa: async ({ status, autoRegistration, ...identity }) => {
      const ca = find(identity)
      if (!ca) return refuse('ca-unknown')
      const wanted = {
        status: status ?? ca.record.status,
        autoRegistration: autoRegistration ?? ca.autoRegistration,
      }
      const changed =
        wanted.status !== ca.record.status || wanted.autoRegistration !== ca.autoRegistration
      if (!changed) return { ok: true, changed }
      const record = { ...ca.record, status: wanted.status }
      const { autoRegistration: on } = wanted
      put({ ...ca, record, autoRegistration: on, modifiedAt: now() }, 'update-ca')
      return { ok: true, changed }
    },
    deleteCa: async (identity) => {
      const ca = find(identity)
      if (!ca) return refuse('ca-unknown')
      if (ca.record.status !== 'INACTIVE') return refuse('ca-active')
      state.cas.delete(keyOf(identity.tenantId, identity.caCertificateId))
      note(identity.tenantId, 'delete-ca', `cacert/${identity.caCertificateId}`)
      return { ok: true }
    },
  }
}
