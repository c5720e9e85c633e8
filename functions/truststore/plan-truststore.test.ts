import { hash } from 'node:crypto'
import { parseCaCertificateId, parseTenantId } from '@thingpass/core/names'
import {
  type CertificateOptions,
  createCa,
  issueCertificate,
  type TestCertificate,
} from '@thingpass/x509/testing/certificates'
import { describe, expect, test } from 'vitest'
import { planTruststore, TRUSTSTORE_LIMITS } from './plan-truststore.ts'
import { readCaFacts, type TruststoreCa } from './truststore-ca.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const SEED = 'seed\n'
const tenantId = parseTenantId('acme')!
const id = (pem: string) => parseCaCertificateId(hash('sha256', pem, 'hex'))!

function registered({ pem }: { readonly pem: string }, order = 1): TruststoreCa {
  const certificate = readCaFacts(pem)
  const registeredAt = new Date(Date.UTC(2026, 0, order))
  return {
    caCertificateId: id(pem),
    tenantId,
    registeredAt,
    modifiedAt: registeredAt,
    ...(certificate && { certificate }),
  }
}

const plan = (...cas: readonly TruststoreCa[]) => planTruststore({ cas, seedPem: SEED, now: NOON })
const issueCa = (issuer: TestCertificate, options: CertificateOptions) =>
  issueCertificate(issuer, {
    basicConstraints: { ca: true },
    keyUsage: ['keyCertSign'],
    ...options,
  })
const reasons = (planned: ReturnType<typeof plan>) =>
  planned.refused.map(({ caCertificateId, reason }) => ({ caCertificateId, reason }))

const root = createCa({ subject: 'Root' })
const other = createCa({ subject: 'Other' })

describe('what is in a truststore', () => {
  test('every root, whole and once, in an order that depends on nothing but the CAs', () => {
    const planned = plan(registered(root, 2), registered(other, 1))
    const pems = [root, other].toSorted((a, b) => (id(a.pem) < id(b.pem) ? -1 : 1))
    expect(planned.pem).toBe(pems.map(({ pem }) => pem).join(''))
    expect(planned.refused).toEqual([])
    expect(plan(registered(other, 9), registered(root, 3)).pem).toBe(planned.pem)
  })

  test('the seed alone, while there is no CA', () => {
    expect(plan()).toEqual({ pem: SEED, cas: [], refused: [] })
  })

  test('certificates in one form, however they were sent', () => {
    expect(plan(registered({ pem: root.pem.replaceAll('\n', '\r\n') })).pem).toBe(root.pem)
  })

  test('no seed any more, once there is one', () => {
    expect(plan(registered(root)).pem).toBe(root.pem)
  })

  test('an intermediate with its root, in whichever order they came', () => {
    const middle = issueCa(root, { subject: 'Middle' })
    const planned = plan(registered(middle, 1), registered(root, 2))
    expect(planned.cas).toHaveLength(2)
    expect(planned.refused).toEqual([])
  })
})

describe('what is left out', () => {
  test('a CA whose certificate is not there or cannot be read', () => {
    const unread = registered({ pem: 'no certificate' })
    expect(reasons(plan(unread, registered(root)))).toEqual([
      { caCertificateId: unread.caCertificateId, reason: 'certificate-missing' },
    ])
  })

  test.each([
    ['ended', { notAfter: NOON }, false],
    ['ends a second later', { notAfter: new Date(NOON.getTime() + 1000) }, true],
    ['begins now', { notBefore: NOON }, true],
    ['begins a second later', { notBefore: new Date(NOON.getTime() + 1000) }, false],
  ])('a CA that is not in force: one that %s', (_name, validity, isIn) => {
    const ca = registered(createCa({ subject: 'Timed', ...validity }))
    const refused = [{ caCertificateId: ca.caCertificateId, reason: 'not-in-force' }]
    expect(reasons(plan(ca))).toEqual(isIn ? [] : refused)
  })

  test('the later registered of two CAs with one subject name (T06)', () => {
    const first = registered(createCa({ subject: 'Twin' }), 1)
    const second = registered(createCa({ subject: 'Twin' }), 2)
    const planned = plan(second, first)
    expect(planned.cas).toEqual([first])
    expect(reasons(planned)).toEqual([
      { caCertificateId: second.caCertificateId, reason: 'subject-taken' },
    ])
  })

  test('of two that were registered at once, the same one whatever the order', () => {
    const twins = [createCa({ subject: 'Twin' }), createCa({ subject: 'Twin' })].map((ca) =>
      registered(ca),
    )
    expect(plan(...twins).cas).toEqual(plan(...twins.toReversed()).cas)
  })

  test('a name that is free again because its CA has ended', () => {
    const ended = registered(createCa({ subject: 'Twin', notAfter: NOON }), 1)
    const next = registered(createCa({ subject: 'Twin' }), 2)
    expect(plan(ended, next).cas).toEqual([next])
  })

  test('an intermediate whose root is not registered', () => {
    const middle = registered(issueCa(root, { subject: 'Middle' }))
    expect(reasons(plan(middle, registered(other)))).toEqual([
      { caCertificateId: middle.caCertificateId, reason: 'chain-incomplete' },
    ])
  })

  test('an intermediate that names a root which did not sign it', () => {
    const middle = registered(issueCa(other, { subject: 'Middle', issuer: 'Root' }), 2)
    expect(reasons(plan(middle, registered(root)))).toEqual([
      { caCertificateId: middle.caCertificateId, reason: 'chain-incomplete' },
    ])
  })

  test('a certificate that names itself as issuer and is signed by another key', () => {
    const impostor = registered(issueCa(other, { subject: 'Root', issuer: 'Root' }))
    expect(reasons(plan(impostor, registered(other)))).toEqual([
      { caCertificateId: impostor.caCertificateId, reason: 'chain-incomplete' },
    ])
  })

  test('a certificate that its own key signed and that names another issuer', () => {
    const misnamed = registered(createCa({ subject: 'Misnamed', issuer: 'Somebody' }))
    expect(reasons(plan(misnamed))).toEqual([
      { caCertificateId: misnamed.caCertificateId, reason: 'chain-incomplete' },
    ])
  })

  test('a fourth CA of a chain, which with the device would make five certificates', () => {
    const second = issueCa(root, { subject: 'Second' })
    const third = issueCa(second, { subject: 'Third' })
    const fourth = issueCa(third, { subject: 'Fourth' })
    const planned = plan(...[root, second, third, fourth].map((ca, order) => registered(ca, order)))
    expect(planned.cas).toHaveLength(3)
    expect(reasons(planned)).toEqual([
      { caCertificateId: id(fourth.pem), reason: 'chain-too-long' },
    ])
  })

  test('two CAs that signed each other end somewhere', () => {
    const a = createCa({ subject: 'A' })
    const b = issueCa(a, { subject: 'B' })
    const crossed = issueCertificate(b, {
      subject: 'A',
      key: a.key,
      basicConstraints: { ca: true },
    })
    expect(reasons(plan(registered(crossed), registered(b))).map(({ reason }) => reason)).toEqual([
      'chain-too-long',
      'chain-too-long',
    ])
  })
})

describe('the bounds', () => {
  const three = [root, other, createCa({ subject: 'Third' })].map((ca, order) =>
    registered(ca, order + 1),
  )
  const within = (limits: Partial<typeof TRUSTSTORE_LIMITS>) =>
    planTruststore({
      cas: three,
      seedPem: SEED,
      now: NOON,
      limits: { ...TRUSTSTORE_LIMITS, ...limits },
    })
  const full = [{ caCertificateId: three[2]?.caCertificateId, reason: 'truststore-full' }]

  test('of certificates: who came last stays out', () => {
    expect(reasons(within({ certificates: 3 }))).toEqual([])
    expect(reasons(within({ certificates: 2 }))).toEqual(full)
  })

  test('of bytes: who came last stays out', () => {
    const bytes = within({}).pem.length
    expect(reasons(within({ bytes }))).toEqual([])
    expect(reasons(within({ bytes: bytes - 1 }))).toEqual(full)
  })

  test('count a root once, however many stand below it', () => {
    const below = ['Left', 'Right'].map((subject) => issueCa(root, { subject }))
    const cas = [root, ...below].map((ca, order) => registered(ca, order))
    const bytes = [root, ...below].reduce((sum, { pem }) => sum + pem.length, 0)
    const planned = planTruststore({
      cas,
      seedPem: SEED,
      now: NOON,
      limits: { certificates: 3, bytes },
    })
    expect(planned.refused).toEqual([])
    expect(planned.pem).toHaveLength(bytes)
  })

  test('an intermediate does not get in without room for its root', () => {
    const middle = registered(issueCa(root, { subject: 'Middle' }), 1)
    const cas = [middle, registered(root, 2)]
    const limits = { ...TRUSTSTORE_LIMITS, certificates: 1 }
    const planned = planTruststore({ cas, seedPem: SEED, now: NOON, limits })
    expect(planned.pem).toBe(root.pem)
    expect(reasons(planned)).toEqual([
      { caCertificateId: middle.caCertificateId, reason: 'truststore-full' },
    ])
  })

  test('are a thousand certificates and a million bytes', () => {
    expect(TRUSTSTORE_LIMITS).toEqual({ certificates: 1000, bytes: 1_000_000 })
  })
})
