import { expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { LAMP, READER } = world

/** Tenants, CAs and certificates. */
export function describeRecords(registry: () => world.RegistryUnderTest): void {
  test('a tenant is made, replaced whole, and read', async () => {
    const { writes } = registry()
    const record = world.tenantRecord(world.newTenant())
    expect(await writes.getTenant(record.tenantId)).toBeUndefined()
    expect(await writes.putTenant({ record, only: 'known' })).toEqual(
      world.refused('tenant-unknown'),
    )
    expect(await writes.putTenant({ record, only: 'new' })).toEqual({ ok: true, created: true })
    expect(await writes.putTenant({ record, only: 'new' })).toEqual(world.refused('tenant-exists'))
    const { rateLimit: _limit, ...unlimited } = { ...record, status: 'DISABLED' as const }
    expect(await writes.putTenant({ record: unlimited })).toEqual({ ok: true, created: false })
    expect(await writes.getTenant(record.tenantId)).toEqual({
      record: unlimited,
      createdAt: world.NOW_STORED,
      modifiedAt: world.NOW_STORED,
    })
  })

  test('a CA is registered once, described, changed, and deleted when inactive', async () => {
    const { writes } = registry()
    const ca = { ...world.newCa(world.newTenant()), pem: 'PEM of the CA' }
    const { record, publicKeySha256: _key, subjectSha256: _subject, ...settings } = ca
    expect(await writes.getCa(record)).toBeUndefined()
    expect(await writes.registerCa(ca)).toEqual(world.done)
    expect(await writes.registerCa(ca)).toEqual(world.refused('ca-exists'))
    const dates = { createdAt: world.NOW_STORED, modifiedAt: world.NOW_STORED }
    const made = { generationId: expect.any(String), version: 1 }
    expect(await writes.getCa(record)).toEqual({ record, ...settings, ...made, ...dates })
    const { tenantId, caCertificateId } = record
    const identity = { tenantId, caCertificateId }
    expect(await writes.deleteCa(identity)).toEqual(world.refused('ca-active'))
    const inactive = { ...identity, status: 'INACTIVE' } as const
    expect(await writes.updateCa(inactive)).toEqual(world.changed)
    expect(await writes.updateCa(inactive)).toEqual(world.unchanged)
    expect(await writes.updateCa({ ...identity, autoRegistration: true })).toEqual(world.changed)
    expect(await writes.getCa(identity)).toMatchObject({
      record: { status: 'INACTIVE' },
      autoRegistration: true,
      version: 3,
    })
    expect(await writes.deleteCa(identity)).toEqual(world.done)
    expect(await writes.getCa(identity)).toBeUndefined()
    expect(await writes.deleteCa(identity)).toEqual(world.refused('ca-unknown'))
    expect(await writes.updateCa(inactive)).toEqual(world.refused('ca-unknown'))
  })

  test.each(['publicKeySha256', 'subjectSha256'] as const)(
    'the %s of a CA belongs to one tenant until its last CA is gone',
    async (claim) => {
      const { writes } = registry()
      const first = world.newCa(world.newTenant())
      const second = { ...world.newCa(first.record.tenantId), [claim]: first[claim] }
      const foreign = { ...world.newCa(world.newTenant()), [claim]: first[claim] }
      const retire = async ({ record }: typeof first) => {
        await writes.updateCa({ ...record, status: 'INACTIVE' })
        expect(await writes.deleteCa(record)).toEqual(world.done)
      }
      expect(await writes.registerCa(first)).toEqual(world.done)
      expect(await writes.registerCa(second)).toEqual(world.done)
      expect(await writes.registerCa(foreign)).toEqual(world.refused('ca-of-other-tenant'))
      await retire(first)
      expect(await writes.registerCa(foreign)).toEqual(world.refused('ca-of-other-tenant'))
      await retire(second)
      expect(await writes.registerCa(foreign)).toEqual(world.done)
    },
  )

  test('at most ten CAs have one subject name', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const subjectSha256 = world.newDigest()
    const register = () => writes.registerCa({ ...world.newCa(tenantId), subjectSha256 })
    for (let n = 1; n <= 10; n += 1) expect(await register()).toEqual(world.done)
    expect(await register()).toEqual(world.refused('too-many-cas-of-subject'))
  })

  test('a certificate is registered under an active CA of its tenant', async () => {
    const { writes } = registry()
    const ca = world.newCa(world.newTenant())
    const { tenantId, caCertificateId } = ca.record
    const register = (of: typeof tenantId) =>
      writes.registerCertificate({
        tenantId: of,
        certificateId: world.newCertificateId(),
        registration: { kind: 'ca', caCertificateId },
        status: 'ACTIVE',
      })
    expect(await register(tenantId)).toEqual(world.refused('ca-unknown'))
    await writes.registerCa(ca)
    expect(await register(world.newTenant())).toEqual(world.refused('ca-unknown'))
    expect(await register(tenantId)).toMatchObject(world.done)
    await writes.updateCa({ tenantId, caCertificateId, status: 'INACTIVE' })
    expect(await register(tenantId)).toEqual(world.refused('ca-inactive'))
  })

  test('a certificate is described, and changes its status', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const certificate = { tenantId, certificateId: world.newCertificateId() }
    const registered = await writes.registerCertificate({
      ...certificate,
      registration: { kind: 'without-ca' },
      status: 'INACTIVE',
      pem: 'PEM of the device',
    })
    expect(await writes.getCertificate(certificate)).toEqual({
      record: {
        ...certificate,
        registrationId: registered.ok && registered.registrationId,
        registration: { kind: 'without-ca' },
        status: 'INACTIVE',
      },
      certificateMode: 'SNI_ONLY',
      version: 1,
      pem: 'PEM of the device',
      createdAt: world.NOW_STORED,
      modifiedAt: world.NOW_STORED,
    })
    const activate = { ...certificate, status: 'ACTIVE' } as const
    expect(await writes.updateCertificateStatus(activate)).toEqual(world.changed)
    expect(await writes.updateCertificateStatus(activate)).toEqual(world.unchanged)
    expect(await writes.getCertificate(certificate)).toMatchObject({ version: 2 })
    const { certificate: read } = await world.factsOf(registry(), certificate.certificateId)
    expect(read?.status).toBe('ACTIVE')
  })

  test('a certificate belongs to the tenant that registered it, to no other', async () => {
    const { writes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    const register = (of: typeof tenantId) =>
      writes.registerCertificate({
        tenantId: of,
        certificateId,
        registration: { kind: 'without-ca' },
        status: 'ACTIVE',
      })
    expect(await register(tenantId)).toEqual(world.refused('certificate-exists'))
    const foreign = { tenantId: world.newTenant(), certificateId }
    expect(await register(foreign.tenantId)).toEqual(world.refused('certificate-of-other-tenant'))
    expect(await writes.getCertificate(foreign)).toBeUndefined()
    expect(await writes.updateCertificateStatus({ ...foreign, status: 'REVOKED' })).toEqual(
      world.refused('certificate-unknown'),
    )
    expect(await writes.deleteCertificate({ ...foreign, force: true })).toEqual(
      world.refused('certificate-unknown'),
    )
    const { certificate } = await world.factsOf(registry(), certificateId)
    expect(certificate).toMatchObject({ tenantId, status: 'ACTIVE' })
  })

  test('each change that is made is on record, and none that is refused or needless', async () => {
    const { writes, changes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    const target = { kind: 'certificate', certificateId } as const
    await writes.attachPolicy({ tenantId, policyName: READER, target })
    await writes.attachPolicy({ tenantId, policyName: READER, target })
    await writes.deletePolicy({ tenantId, policyName: READER })
    await writes.detachThing({ tenantId, certificateId, thingName: LAMP })
    await writes.updateCertificateStatus({ tenantId, certificateId, status: 'ACTIVE' })
    const made = (await changes(tenantId)).map(({ action, subject }) => `${action} ${subject}`)
    expect(made.toSorted()).toEqual([
      `attach-policy cert/${certificateId}`,
      `create-policy policy/${READER}`,
      `create-tenant tenant/${tenantId}`,
      `create-thing thing/${LAMP}`,
      `register-certificate cert/${certificateId}`,
    ])
  })
}
