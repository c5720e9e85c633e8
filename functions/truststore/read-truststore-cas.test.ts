import { parseCaCertificateId, parseTenantId } from '@thingpass/core/names'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import { parseCaCertificate } from '@thingpass/x509/ca-certificate'
import { createCa } from '@thingpass/x509/testing/certificates'
import { beforeEach, expect, test } from 'vitest'
import { createReadTruststoreCas, type TruststoreRegistry } from './read-truststore-cas.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
let registry: ReturnType<typeof createFakeRegistry>

beforeEach(() => {
  registry = createFakeRegistry({ clock: () => NOON })
})

type Tenant = Parameters<typeof registry.putTenant>[0]['record']

async function addTenant(name: string, changes: Partial<Tenant> = {}) {
  const tenantId = parseTenantId(name)!
  const record: Tenant = {
    tenantId,
    status: 'ENABLED',
    roleArnPatterns: [],
    externalId: 'external',
    sessionTagKeys: [],
    certificatesWithoutCa: false,
    apiArnPatterns: [],
    defaultThing: 'never',
    inactiveCaRefusesDevices: false,
    authorizerRequiresThing: true,
    ...changes,
  }
  await registry.putTenant({ record })
  return tenantId
}

async function addCa(
  tenantId: Tenant['tenantId'],
  subject: string,
  {
    status = 'ACTIVE',
    storePem = true,
  }: { status?: 'ACTIVE' | 'INACTIVE'; storePem?: boolean } = {},
) {
  const parsed = parseCaCertificate(createCa({ subject }).pem)
  if (!parsed.ok) throw new Error(parsed.reason)
  const { caCertificateId, publicKey, pem } = parsed.ca
  const registered = await registry.registerCa({
    record: { caCertificateId, tenantId, publicKey, status },
    certificateMode: 'DEFAULT',
    autoRegistration: false,
    publicKeySha256: caCertificateId,
    subjectSha256: parsed.ca.subjectDerSha256,
    ...(storePem && { pem }),
  })
  if (!registered.ok) throw new Error(registered.conflict)
  return { caCertificateId, pem }
}

const ids = async (source: TruststoreRegistry) =>
  (await createReadTruststoreCas(source)()).map(({ caCertificateId }) => caCertificateId).toSorted()

test('all CAs of all tenants, with certificate and dates', async () => {
  const acme = await addTenant('acme')
  const ca = await addCa(acme, 'Acme')
  await addCa(await addTenant('globex'), 'Globex')
  const cas = await createReadTruststoreCas(registry)()
  expect(cas).toHaveLength(2)
  expect(cas.find(({ tenantId }) => tenantId === acme)).toMatchObject({
    caCertificateId: ca.caCertificateId,
    registeredAt: NOON,
    modifiedAt: NOON,
    certificate: { pem: ca.pem },
  })
})

test('a disabled tenant keeps its CAs: its devices are told no, not cut off', async () => {
  const ca = await addCa(await addTenant('acme', { status: 'DISABLED' }), 'Acme')
  expect(await ids(registry)).toEqual([ca.caCertificateId])
})

test('an inactive CA lets registered devices in, unless its tenant says otherwise', async () => {
  const kept = await addCa(await addTenant('acme'), 'Acme', { status: 'INACTIVE' })
  const strict = await addTenant('globex', { inactiveCaRefusesDevices: true })
  await addCa(strict, 'Globex', { status: 'INACTIVE' })
  const active = await addCa(strict, 'Globex 2')
  expect(await ids(registry)).toEqual([kept.caCertificateId, active.caCertificateId].toSorted())
})

test('a CA without a stored certificate is there, and has none', async () => {
  await addCa(await addTenant('acme'), 'Acme', { storePem: false })
  const [ca] = await createReadTruststoreCas(registry)()
  expect(ca).toBeDefined()
  expect(ca).not.toHaveProperty('certificate')
})

test('lists are read to their ends', async () => {
  const acme = await addTenant('acme')
  const expected: string[] = []
  for (let count = 0; count < 3; count++) {
    expected.push((await addCa(acme, `Acme ${count}`)).caCertificateId)
    await addTenant(`tenant-${count}`)
  }
  const shortPages: TruststoreRegistry = {
    ...registry,
    listTenants: (page) => registry.listTenants({ ...page, limit: 1 }),
    listCas: (page) => registry.listCas({ ...page, limit: 1 }),
  }
  expect(await ids(shortPages)).toEqual(expected.toSorted())
})

test('a certificate is read once, for its id is its hash', async () => {
  const acme = await addTenant('acme')
  await addCa(acme, 'Acme')
  let reads = 0
  const read = createReadTruststoreCas({
    ...registry,
    getCa: (identity) => {
      reads += 1
      return registry.getCa(identity)
    },
  })
  await read()
  await addCa(acme, 'Acme 2')
  expect(await read()).toHaveLength(2)
  expect(reads).toBe(2)
})

test('a certificate that was missing is looked for again', async () => {
  await addCa(await addTenant('acme'), 'Acme', { storePem: false })
  const { pem } = createCa({ subject: 'Acme' })
  const later: { pem?: string } = {}
  const read = createReadTruststoreCas({
    ...registry,
    getCa: async (identity) => {
      const ca = await registry.getCa(identity)
      return ca && { ...ca, ...later }
    },
  })
  await read()
  later.pem = pem
  expect((await read())[0]?.certificate?.pem).toBe(pem)
})

test('what is forgotten is read anew when it comes back', async () => {
  const acme = await addTenant('acme')
  const ca = await addCa(acme, 'Acme')
  const listed: { now: boolean } = { now: true }
  let reads = 0
  const read = createReadTruststoreCas({
    ...registry,
    listCas: async (page) => (listed.now ? registry.listCas(page) : { items: [], more: false }),
    getCa: (identity) => {
      reads += 1
      return registry.getCa(identity)
    },
  })
  await read()
  listed.now = false
  expect(await read()).toEqual([])
  listed.now = true
  expect((await read())[0]?.caCertificateId).toBe(parseCaCertificateId(ca.caCertificateId))
  expect(reads).toBe(2)
})

test('a registry that fails in the middle gives no half list', async () => {
  const acme = await addTenant('acme')
  await addCa(acme, 'Acme')
  await addCa(acme, 'Acme 2')
  const failing: TruststoreRegistry = {
    ...registry,
    listCas: (page) =>
      page.after === undefined
        ? registry.listCas({ ...page, limit: 1 })
        : Promise.reject(new Error('gone')),
  }
  await expect(createReadTruststoreCas(failing)()).rejects.toThrow('gone')
})
