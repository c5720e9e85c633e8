import { type CaCertificateId, parseTenantId, type TenantId } from '@thingpass/core/names'
import type { CaDescription } from '@thingpass/core/registry-writes/cas'
import type { CertificateDescription } from '@thingpass/core/registry-writes/certificates'
import type { PageInput, PageOf } from '@thingpass/core/registry-writes/page'
import type { TenantDescription } from '@thingpass/core/registry-writes/tenants'
import { describe, expect, test } from 'vitest'
import * as world from './registry-world.ts'

/** Reads a whole list in pages of two. */
async function readAll<Item, Key extends string>(
  keyOf: (item: Item) => Key,
  read: (range: PageInput<Key>) => Promise<PageOf<Item>>,
) {
  const keys: Key[] = []
  const sizes: number[] = []
  let after: Key | undefined
  do {
    const page = await read({ limit: 2, ...(after !== undefined && { after }) })
    keys.push(...page.items.map(keyOf))
    sizes.push(page.items.length)
    after = page.more ? keys.at(-1) : undefined
  } while (after !== undefined)
  return { keys: keys.map(String), sizes }
}

/** Keys in the order that lists have. */
const inOrder = (keys: readonly string[]): readonly string[] =>
  keys.toSorted((one, other) => (one < other ? -1 : 1))

/** Lists of CAs, certificates and tenants; registration codes; a tenant's own CA; the end of a tenant. */
export function describeAuthorities(registry: () => world.RegistryUnderTest): void {
  const register = (tenantId: TenantId, caCertificateId?: CaCertificateId) =>
    registry().writes.registerCertificate({
      tenantId,
      certificateId: world.newCertificateId(),
      registration:
        caCertificateId === undefined ? { kind: 'without-ca' } : { kind: 'ca', caCertificateId },
      status: 'INACTIVE',
      pem: 'PEM',
    })

  describe('lists', () => {
    test('have the CAs of one tenant, by id, in pages, either way', async () => {
      const { writes } = registry()
      const tenantId = world.newTenant()
      const ids: string[] = []
      for (let n = 0; n < 5; n += 1) {
        const ca = { ...world.newCa(tenantId), pem: 'PEM' }
        ids.push(ca.record.caCertificateId)
        await writes.registerCa(ca)
      }
      await writes.registerCa(world.newCa(world.newTenant()))
      const list = (ascending: boolean) =>
        readAll(
          ({ record }: CaDescription) => record.caCertificateId,
          (range) => writes.listCas({ tenantId, ascending, ...range }),
        )
      expect(await list(true)).toEqual({ keys: inOrder(ids), sizes: [2, 2, 1] })
      expect(await list(false)).toEqual({ keys: inOrder(ids).toReversed(), sizes: [2, 2, 1] })
      const [first] = (await writes.listCas({ tenantId, limit: 1 })).items
      expect(first).toMatchObject({ certificateMode: 'DEFAULT', version: 1 })
      expect(first).not.toHaveProperty('pem')
    })

    test('have the certificates of one tenant, and of one CA of it', async () => {
      const { writes } = registry()
      const tenantId = world.newTenant()
      const [ca, other] = [world.newCa(tenantId), world.newCa(tenantId)]
      const { caCertificateId } = ca.record
      for (const each of [ca, other]) await writes.registerCa(each)
      for (let n = 0; n < 4; n += 1) await register(tenantId, caCertificateId)
      await register(tenantId, other.record.caCertificateId)
      await register(tenantId)
      await register(world.newTenant())
      const all = await readAll(
        ({ record }: CertificateDescription) => record.certificateId,
        (range) => writes.listCertificates({ tenantId, ...range }),
      )
      expect(all.sizes).toEqual([2, 2, 2])
      expect(all.keys).toEqual(inOrder(all.keys))
      const list = (of: TenantId, ascending: boolean) =>
        readAll(
          ({ record }: CertificateDescription) => record.certificateId,
          (range) =>
            writes.listCertificatesOfCa({ tenantId: of, caCertificateId, ascending, ...range }),
        )
      const ofCa = await list(tenantId, true)
      expect(ofCa.sizes).toEqual([2, 2])
      expect(ofCa.keys).toEqual(inOrder(ofCa.keys))
      expect((await list(tenantId, false)).keys).toEqual(ofCa.keys.toReversed())
      expect(await list(world.newTenant(), true)).toEqual({ keys: [], sizes: [0] })
      const page = await writes.listCertificates({ tenantId, limit: 6 })
      expect(page.more).toBe(false)
      expect(page.items[0]).toMatchObject({ certificateMode: 'DEFAULT', version: 1 })
      expect(page.items[0]).not.toHaveProperty('pem')
      expect(page.items.map((each) => each.certificateMode)).toContain('SNI_ONLY')
    })

    test('go on behind a key that is gone', async () => {
      const { writes } = registry()
      const tenantId = world.newTenant()
      const ca = world.newCa(tenantId)
      const { caCertificateId } = ca.record
      await writes.registerCa(ca)
      for (let n = 0; n < 3; n += 1) await register(tenantId, caCertificateId)
      const { items } = await writes.listCertificates({ tenantId, limit: 3 })
      const [first, second, third] = items.map(({ record }) => record.certificateId)
      await writes.deleteCertificate({ tenantId, certificateId: second! })
      const range = { tenantId, limit: 5, after: second! }
      const idsOf = (page: PageOf<(typeof items)[number]>) =>
        page.items.map(({ record }) => record.certificateId)
      expect(idsOf(await writes.listCertificates(range))).toEqual([third])
      expect(idsOf(await writes.listCertificatesOfCa({ ...range, caCertificateId }))).toEqual([
        third,
      ])
      const before = { ...range, ascending: false }
      expect(idsOf(await writes.listCertificates(before))).toEqual([first])
    })

    test('have all tenants', async () => {
      const { writes } = registry()
      const [first, second, third] = [world.newTenant(), world.newTenant(), world.newTenant()]
      for (const tenantId of [first, second, third]) {
        await writes.putTenant({ record: world.tenantRecord(tenantId) })
      }
      const all = await readAll(
        ({ record }: TenantDescription) => record.tenantId,
        (range) => writes.listTenants(range),
      )
      expect(all.keys).toEqual(inOrder(all.keys))
      expect(all.keys).toEqual(expect.arrayContaining([first, second, third]))
    })
  })

  test('CAs are found by their subject name while they are there', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const [first, second] = [world.newCa(tenantId), world.newCa(tenantId)]
    const { subjectSha256 } = first
    await writes.registerCa(first)
    await writes.registerCa({ ...second, subjectSha256 })
    const find = async () =>
      (await writes.listCasOfSubject(subjectSha256)).map(({ record }) =>
        String(record.caCertificateId),
      )
    const ids = [first, second].map(({ record }) => String(record.caCertificateId))
    expect(inOrder(await find())).toEqual(inOrder(ids))
    await writes.updateCa({ ...first.record, status: 'INACTIVE' })
    await writes.deleteCa(first.record)
    expect(await find()).toEqual([second.record.caCertificateId])
    expect(await writes.listCasOfSubject(world.newDigest())).toEqual([])
  })

  test('a tenant has one CA of ours at most, until that is deleted', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const own = { ...world.newCa(tenantId), own: true } as const
    expect(await writes.getOwnCa(tenantId)).toBeUndefined()
    expect(await writes.registerCa({ ...own, pem: 'PEM' })).toEqual(world.done)
    const another = { ...world.newCa(tenantId), own: true } as const
    expect(await writes.registerCa(another)).toEqual(world.refused('own-ca-exists'))
    expect(await writes.registerCa(world.newCa(tenantId))).toEqual(world.done)
    expect(await writes.getOwnCa(tenantId)).toMatchObject({ record: own.record, pem: 'PEM' })
    expect(await writes.getOwnCa(world.newTenant())).toBeUndefined()
    await writes.updateCa({ ...own.record, status: 'INACTIVE' })
    await writes.deleteCa(own.record)
    expect(await writes.getOwnCa(tenantId)).toBeUndefined()
    expect(await writes.registerCa(another)).toEqual(world.done)
  })

  test('of many who make a tenant its CA at once, one does', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => writes.registerCa({ ...world.newCa(tenantId), own: true })),
    )
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect((await writes.listCas({ tenantId, limit: 10 })).items).toHaveLength(1)
  })

  test('a registration code stays until it is deleted, and no other tenant has it', async () => {
    const { writes, changes } = registry()
    const tenantId = world.newTenant()
    const [first, second] = [world.newDigest(), world.newDigest()]
    expect(await writes.getRegistrationCode(tenantId)).toBeUndefined()
    const missing = world.refused('registration-code-unknown')
    expect(await writes.deleteRegistrationCode(tenantId)).toEqual(missing)
    const keep = (code: string) => writes.keepRegistrationCode({ tenantId, code })
    expect(await keep(first)).toEqual({ ok: true, code: first })
    expect(await keep(second)).toEqual({ ok: true, code: first })
    expect(await writes.getRegistrationCode(tenantId)).toBe(first)
    expect(await writes.getRegistrationCode(world.newTenant())).toBeUndefined()
    expect(await writes.deleteRegistrationCode(tenantId)).toEqual(world.done)
    expect(await keep(second)).toEqual({ ok: true, code: second })
    const made = (await changes(tenantId)).map(({ action }) => action)
    expect(inOrder(made)).toEqual([
      'delete-registration-code',
      'make-registration-code',
      'make-registration-code',
    ])
    expect(JSON.stringify(await changes(tenantId))).not.toContain(second)
  })

  describe('a tenant is not deleted while it has', () => {
    const attributes = new Map<string, string>()
    const records: Record<string, (tenantId: TenantId) => Promise<{ readonly ok: boolean }>> = {
      'a CA': (tenantId) => registry().writes.registerCa(world.newCa(tenantId)),
      'a certificate': (tenantId) => register(tenantId),
      'a thing': (tenantId) =>
        registry().writes.createThing({ tenantId, thingName: world.LAMP, attributes }),
      'a thing type': (tenantId) =>
        registry().writes.createThingType({
          ...{ tenantId, thingTypeName: world.thingTypeName('lamp'), searchableAttributes: [] },
        }),
      'a thing group': (tenantId) =>
        registry().writes.createThingGroup({ tenantId, groupName: world.FLOOR, attributes }),
      'a policy': (tenantId) =>
        registry().writes.createPolicy({
          ...{ tenantId, policyName: world.READER, document: world.ALLOW },
        }),
      'a role alias': (tenantId) =>
        registry().writes.createRoleAlias({
          ...{ tenantId, roleAlias: world.CAMERA, roleArn: world.ROLE },
          credentialDurationSeconds: 900,
        }),
    }
    test.each(Object.entries(records))('%s', async (_, make) => {
      const { writes } = registry()
      const record = world.tenantRecord(world.newTenant())
      const { tenantId } = record
      await writes.putTenant({ record })
      expect(await writes.isTenantEmpty(tenantId)).toBe(true)
      expect(await make(tenantId)).toMatchObject({ ok: true })
      expect(await writes.isTenantEmpty(tenantId)).toBe(false)
      expect(await writes.deleteTenant(tenantId)).toEqual(world.refused('tenant-not-empty'))
      expect(await writes.getTenant(tenantId)).toMatchObject({ record })
    })
  })

  test('an empty tenant is deleted with its registration code', async () => {
    const { writes } = registry()
    const record = world.tenantRecord(world.newTenant())
    const { tenantId } = record
    await writes.putTenant({ record })
    await writes.keepRegistrationCode({ tenantId, code: world.newDigest() })
    // A name that begins like this one's is another tenant's.
    const longer = parseTenantId(`${tenantId}-2`)!
    await register(longer)
    expect(await writes.deleteTenant(tenantId)).toEqual(world.done)
    expect(await writes.getTenant(tenantId)).toBeUndefined()
    expect(await writes.getRegistrationCode(tenantId)).toBeUndefined()
    expect(await writes.deleteTenant(tenantId)).toEqual(world.refused('tenant-unknown'))
  })
}
