import type { CertificateId } from '../src/names.ts'
import type { CertificateRecord } from '../src/records.ts'
import type { CaIdentity } from '../src/registry-writes/cas.ts'
import type { CertificateIdentity, CertificateWrites } from '../src/registry-writes/certificates.ts'
import type { PageInput } from '../src/registry-writes/page.ts'
import type { ThingPrincipalWrites } from '../src/registry-writes/thing-principals.ts'
import { fakePage } from './fake-registry-page.ts'
import {
  dropEdges,
  edgesOf,
  type FakeAttachment,
  type FakeCertificate,
  type FakeState,
  type FakeWorld,
  keyOf,
  refuse,
} from './fake-registry-state.ts'

const attachmentsOf = ({ attachments }: FakeState, certificateId: string): FakeAttachment[] =>
  [...attachments.values()].filter((each) => each.certificateId === certificateId)

/** A certificate's record, with its exclusive thing. */
export function fakeCertificateRecord(
  state: FakeState,
  { record }: FakeCertificate,
): CertificateRecord {
  const exclusive = attachmentsOf(state, record.certificateId).find((each) => each.exclusive)
  return { ...record, ...(exclusive && { exclusiveThing: exclusive.thingName }) }
}

const findOwn = (state: FakeState, { tenantId, certificateId }: CertificateIdentity) => {
  const certificate = state.certificates.get(certificateId)
  return certificate?.record.tenantId === tenantId ? certificate : undefined
}

/** Certificates of a fake registry. */
export function fakeCertificateWrites({ state, newId, now, note }: FakeWorld): CertificateWrites {
  const findCa = ({ tenantId, caCertificateId }: CaIdentity) =>
    state.cas.get(keyOf(tenantId, caCertificateId))
  const refuseCa = ({
    tenantId,
    registration,
    serialNumber,
  }: Parameters<CertificateWrites['registerCertificate']>[0]) => {
    if (registration.kind !== 'ca') return undefined
    const ca = findCa({ tenantId, ...registration })
    if (!ca) return refuse('ca-unknown')
    if (ca.record.status !== 'ACTIVE') return refuse('ca-inactive')
    const revoked = state.revocationLists.get(ca.key)?.serialNumbers.has(serialNumber ?? '')
    return revoked ? refuse('certificate-revoked-by-ca') : undefined
  }
  const list = (
    belongs: (certificate: FakeCertificate) => boolean,
    page: PageInput<CertificateId>,
  ) => {
    const listed = [...state.certificates.values()].filter(belongs).map((certificate) => {
      const { pem: _pem, ...description } = certificate
      return { ...description, record: fakeCertificateRecord(state, certificate) }
    })
    return fakePage(listed, ({ record }) => record.certificateId, page)
  }
  return {
    registerCertificate: async (input) => {
      const { tenantId, certificateId, registration, status, pem } = input
      const there = state.certificates.get(certificateId)
      if (there?.record.tenantId === tenantId) return refuse('certificate-exists')
      if (there) return refuse('certificate-of-other-tenant')
      const refusal = refuseCa(input)
      if (refusal) return refusal
      const registrationId = newId()
      const ca = registration.kind === 'ca' && findCa({ tenantId, ...registration })
      state.certificates.set(certificateId, {
        record: { certificateId, tenantId, registrationId, status, registration },
        certificateMode: ca ? ca.certificateMode : 'SNI_ONLY',
        version: 1,
        ...(pem !== undefined && { pem }),
        createdAt: now(),
        modifiedAt: now(),
      })
      note(tenantId, 'register-certificate', `cert/${certificateId}`)
      return { ok: true, registrationId }
    },
    getCertificate: async (identity) => {
      const certificate = findOwn(state, identity)
      return certificate && { ...certificate, record: fakeCertificateRecord(state, certificate) }
    },
    listCertificates: async ({ tenantId, ...page }) =>
      list(({ record }) => record.tenantId === tenantId, page),
    listCertificatesOfCa: async ({ tenantId, caCertificateId, ...page }) =>
      list(
        ({ record: { registration, ...record } }) =>
          record.tenantId === tenantId &&
          registration.kind === 'ca' &&
          registration.caCertificateId === caCertificateId,
        page,
      ),
    updateCertificateStatus: async ({ status, ...identity }) => {
      const certificate = findOwn(state, identity)
      if (!certificate) return refuse('certificate-unknown')
      if (certificate.record.status === status) return { ok: true, changed: false }
      const record = { ...certificate.record, status }
      const version = certificate.version + 1
      const changed = { ...certificate, record, version, modifiedAt: now() }
      state.certificates.set(identity.certificateId, changed)
      note(identity.tenantId, 'update-certificate', `cert/${identity.certificateId}`)
      return { ok: true, changed: true }
    },
    deleteCertificate: async ({ force, ...identity }) => {
      const certificate = findOwn(state, identity)
      if (!certificate) return refuse('certificate-unknown')
      if (certificate.record.status === 'ACTIVE') return refuse('certificate-active')
      if (attachmentsOf(state, identity.certificateId).length > 0) return refuse('things-attached')
      const target = { kind: 'certificate', certificateId: identity.certificateId } as const
      const policies = edgesOf(state, identity.tenantId, target)
      if (policies.length > 0 && !force) return refuse('policies-attached')
      dropEdges(state, identity.tenantId, target)
      state.certificates.delete(identity.certificateId)
      note(identity.tenantId, 'delete-certificate', `cert/${identity.certificateId}`)
      return { ok: true }
    },
  }
}

function refuseExclusive(
  state: FakeState,
  { certificateId, exclusive }: { readonly certificateId: string; readonly exclusive: boolean },
  before: FakeAttachment | undefined,
) {
  const all = attachmentsOf(state, certificateId)
  if (all.some((each) => each.exclusive)) return refuse('certificate-exclusive')
  const others = all.some((each) => each !== before)
  return exclusive && others ? refuse('certificate-has-other-things') : undefined
}

/** Attachments of certificates to things in a fake registry. */
export function fakeThingPrincipalWrites({ state, note }: FakeWorld): ThingPrincipalWrites {
  return {
    attachThing: async (input) => {
      const { tenantId, certificateId, thingName, exclusive } = input
      if (!findOwn(state, input)) return refuse('certificate-unknown')
      if (!state.things.has(keyOf(tenantId, thingName))) return refuse('thing-unknown')
      const before = state.attachments.get(keyOf(certificateId, thingName))
      if (before?.exclusive === exclusive) return { ok: true, changed: false }
      const refusal = refuseExclusive(state, input, before)
      if (refusal) return refusal
      const attachment = { tenantId, certificateId, thingName, exclusive }
      state.attachments.set(keyOf(certificateId, thingName), attachment)
      note(tenantId, 'attach-thing', `cert/${certificateId}`)
      return { ok: true, changed: true }
    },
    detachThing: async (input) => {
      const { tenantId, certificateId, thingName } = input
      if (!findOwn(state, input)) return refuse('certificate-unknown')
      if (!state.things.has(keyOf(tenantId, thingName))) return refuse('thing-unknown')
      const changed = state.attachments.delete(keyOf(certificateId, thingName))
      if (changed) note(tenantId, 'detach-thing', `cert/${certificateId}`)
      return { ok: true, changed }
    },
  }
}
