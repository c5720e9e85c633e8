import fc from 'fast-check'
import { expect, test } from 'vitest'
import { certificate, listed, NOON } from '../testing/decision-example.ts'
import { judgeRevocation, type RevocationFacts } from './revocation.ts'

const judge = (change: Partial<RevocationFacts> = {}, now = NOON) =>
  judgeRevocation(
    {
      ...{ presented: certificate, ca: listed.ca, tenant: {} },
      revocation: { ...listed.revocation, ...change },
    },
    now,
  )

test('a certificate that the list does not name passes while the list counts', () => {
  expect(judge()).toBeUndefined()
})

test('T28: a key that never had a list is not asked about, whatever was read', () => {
  const question = { presented: certificate, ca: {}, tenant: {}, revocation: undefined }
  expect(judgeRevocation(question, NOON)).toBeUndefined()
  const revocation = { ...listed.revocation, revoked: true }
  expect(judgeRevocation({ ...question, revocation }, NOON)).toBeUndefined()
})

test('T28: a key that never had a list is refused where the tenant requires one, whatever was read', () => {
  const tenant = { revocationListRequired: true } as const
  const question = { presented: certificate, ca: {}, tenant, revocation: undefined }
  expect(judgeRevocation(question, NOON)).toBe('revocation-list-missing')
  const { revocation } = listed
  expect(judgeRevocation({ ...question, revocation }, NOON)).toBe('revocation-list-missing')
  expect(judgeRevocation({ ...question, ca: listed.ca, revocation }, NOON)).toBeUndefined()
})

test.each<readonly [string, RevocationFacts | undefined]>([
  ['nothing', undefined],
  ['what another key says', { ...listed.revocation, issuerKeySha256: 'cf'.repeat(32) }],
  ['what the key says of another serial number', { ...listed.revocation, serialNumber: '1' }],
])('T28: %s is no word on a certificate whose CA has a list', (_, revocation) => {
  const question = { presented: certificate, ca: listed.ca, tenant: {}, revocation }
  expect(judgeRevocation(question, NOON)).toBe('revocation-list-missing')
})

test('T28: who is named stays out whatever the clock says', () => {
  for (const now of [new Date(0), NOON, new Date('2099-01-01T00:00:00Z'), new Date(Number.NaN)]) {
    expect(judge({ revoked: true }, now)).toBe('certificate-revoked-by-ca')
  }
})

test('T28: a list counts up to the last instant before its next update and grace', () => {
  const instant = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((time) => new Date(time))
  const seconds = fc.integer({ min: 0, max: 2_592_000 })
  fc.assert(
    fc.property(
      instant,
      seconds,
      fc.integer({ min: -2000, max: 2000 }),
      (nextUpdate, grace, off) => {
        const end = nextUpdate.getTime() + grace * 1000
        const verdict = judge({ nextUpdate, graceSeconds: grace }, new Date(end + off))
        expect(verdict).toBe(off < 0 ? undefined : 'revocation-list-expired')
      },
    ),
  )
})

test.each<readonly [string, Partial<RevocationFacts>, Date]>([
  ['next update', { nextUpdate: new Date(Number.NaN) }, NOON],
  ['grace', { graceSeconds: Number.NaN }, NOON],
  ['clock', {}, new Date(Number.NaN)],
])('T28: a %s that is none refuses', (_, change, now) => {
  expect(judge(change, now)).toBe('revocation-list-expired')
})
