import {
  type CaIdentity,
  type CaWrites,
  MAX_CAS_OF_ONE_SUBJECT,
} from '../src/registry-writes/cas.ts'
import type { TenantWrites } from '../src/registry-writes/tenants.ts'
import { fakePage } from './fake-registry-page.ts'
import {
  type FakeCa,
  type FakeState,
  type FakeWorld,
  keyOf,
  refuse,
} from './fake-registry-state.ts'
import { dropTags, setTags } from './fake-registry-tags.ts'

/** Tenants of a fake registry. */
export function fakeTenantWrites({ state, now, note }: FakeWorld): TenantWrites {
  return {
    getTenant: async (tenantId) => state.tenants.get(tenantId),
    listTenants: async (page) =>
      fakePage(state.tenants.values(), ({ record }) => record.tenantId, page),
    putTenant: async ({ record, only }) => {
      const before = state.tenants.get(record.tenantId)
      if (only === 'new' && before) return refuse('tenant-exists')
      if (only === 'known' && !before) return refuse('tenant-unknown')
      const createdAt = before?.createdAt ?? now()
      state.tenants.set(record.tenantId, { record, createdAt, modifiedAt: now() })
      note(record.tenantId, before ? 'update-tenant' : 'create-tenant', `tenant/${record.tenantId}`)
      return { ok: true, created: before === undefined }
    },
    isTenantEmpty: async (tenantId) => isEmpty(state, tenantId),
    deleteTenant: async (tenantId) => {
      if (!state.tenants.has(tenantId)) return refuse('tenant-unknown')
      if (!isEmpty(state, tenantId)) return refuse('tenant-not-empty')
      state.tenants.delete(tenantId)
      state.registrationCodes.delete(tenantId)
      note(tenantId, 'delete-tenant', `tenant/${tenantId}`)
      return { ok: true }
    },
  }
}

function isEmpty(state: FakeState, tenantId: string): boolean {
  const owned = [
    state.cas,
    state.thingTypes,
    state.things,
    state.groups,
    state.policies,
    state.aliases,
  ]
  const certificates = [...state.certificates.values()]
  return (
    owned.every((records) => ![...records.keys()].some((key) => key.startsWith(`${tenantId}#`))) &&
    !certificates.some(({ record }) => record.tenantId === tenantId)
  )
}

/** CAs of a fake registry, and the codes that they are registered with. */
export function fakeCaWrites(world: FakeWorld): CaWrites {
  return { ...fakeRegistrationCodes(world), ...fakeCaChanges(world), ...fakeCaReads(world) }
}

const tagged = ({ tenantId, caCertificateId }: CaIdentity) => ({
  tenantId,
  resource: { kind: 'ca-certificate', caCertificateId } as const,
})

const describe = ({ key: _key, subject: _subject, own: _own, ...description }: FakeCa) =>
  description

const withoutPem = (ca: FakeCa) => {
  const { pem: _pem, ...listed } = describe(ca)
  return listed
}

function fakeCaReads({
  state,
}: FakeWorld): Pick<CaWrites, 'getCa' | 'getOwnCa' | 'listCas' | 'listCasOfSubject'> {
  const all = () => [...state.cas.values()]
  const described = (ca: FakeCa | undefined) => ca && describe(ca)
  return {
    getCa: async ({ tenantId, caCertificateId }) =>
      described(state.cas.get(keyOf(tenantId, caCertificateId))),
    getOwnCa: async (tenantId) =>
      described(all().find((ca) => ca.own && ca.record.tenantId === tenantId)),
    listCas: async ({ tenantId, ...page }) => {
      const own = all().filter(({ record }) => record.tenantId === tenantId)
      return fakePage(own.map(withoutPem), ({ record }) => record.caCertificateId, page)
    },
    listCasOfSubject: async (subject) =>
      all()
        .filter((ca) => ca.subject === subject)
        .map(withoutPem),
  }
}

function refuseCa(
  all: readonly FakeCa[],
  { record, ...ca }: Pick<FakeCa, 'record' | 'key' | 'subject' | 'own'>,
) {
  const rivals = all.filter((other) => other.key === ca.key || other.subject === ca.subject)
  if (rivals.some((other) => other.record.tenantId !== record.tenantId)) {
    return refuse('ca-of-other-tenant')
  }
  if (all.filter((other) => other.subject === ca.subject).length >= MAX_CAS_OF_ONE_SUBJECT) {
    return refuse('too-many-cas-of-subject')
  }
  const hasOwn = all.some((other) => other.own && other.record.tenantId === record.tenantId)
  return ca.own && hasOwn ? refuse('own-ca-exists') : undefined
}

function fakeCaChanges({
  state,
  now,
  note,
  newId,
}: FakeWorld): Pick<CaWrites, 'registerCa' | 'updateCa' | 'deleteCa'> {
  const find = ({ tenantId, caCertificateId }: Parameters<CaWrites['getCa']>[0]) =>
    state.cas.get(keyOf(tenantId, caCertificateId))
  const put = (ca: FakeCa, action: string) => {
    const { tenantId, caCertificateId } = ca.record
    state.cas.set(keyOf(tenantId, caCertificateId), ca)
    note(tenantId, action, `cacert/${caCertificateId}`)
  }
  return {
    registerCa: async ({ publicKeySha256: key, subjectSha256: subject, tags, ...input }) => {
      if (find(input.record)) return refuse('ca-exists')
      const ca = { ...input, key, subject, own: input.own ?? false }
      const refusal = refuseCa([...state.cas.values()], ca)
      if (refusal) return refusal
      const dates = { createdAt: now(), modifiedAt: now() }
      const listed = state.revocationLists.has(key) ? { revocationListKey: key } : {}
      const record = { ...input.record, ...listed }
      put({ ...ca, record, generationId: newId(), version: 1, ...dates }, 'register-ca')
      setTags(state, tagged(input.record), tags)
      return { ok: true }
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
      const version = ca.version + 1
      put({ ...ca, record, autoRegistration: on, version, modifiedAt: now() }, 'update-ca')
      return { ok: true, changed }
    },
    deleteCa: async (identity) => {
      const ca = find(identity)
      if (!ca) return refuse('ca-unknown')
      if (ca.record.status !== 'INACTIVE') return refuse('ca-active')
      dropTags(state, tagged(identity))
      state.cas.delete(keyOf(identity.tenantId, identity.caCertificateId))
      note(identity.tenantId, 'delete-ca', `cacert/${identity.caCertificateId}`)
      return { ok: true }
    },
  }
}

function fakeRegistrationCodes({
  state,
  note,
}: FakeWorld): Pick<
  CaWrites,
  'getRegistrationCode' | 'keepRegistrationCode' | 'deleteRegistrationCode'
> {
  return {
    getRegistrationCode: async (tenantId) => state.registrationCodes.get(tenantId),
    keepRegistrationCode: async ({ tenantId, code }) => {
      const kept = state.registrationCodes.get(tenantId)
      if (kept !== undefined) return { ok: true, code: kept }
      state.registrationCodes.set(tenantId, code)
      note(tenantId, 'make-registration-code', 'registrationcode')
      return { ok: true, code }
    },
    deleteRegistrationCode: async (tenantId) => {
      if (!state.registrationCodes.delete(tenantId)) return refuse('registration-code-unknown')
      note(tenantId, 'delete-registration-code', 'registrationcode')
      return { ok: true }
    },
  }
}
