import { expect, test } from 'vitest'
import { describeWorld } from '../../testing/facts-world.ts'
import { createIssuerHints } from './issuer-hint.ts'

const acme = describeWorld('acme')
const other = describeWorld('other')
const issuerOf = ({ tenantId, caCertificateId }: typeof acme) => ({ tenantId, caCertificateId })

test('knows nothing that it was not told', () => {
  expect(createIssuerHints().lookUp('key-1')).toBeUndefined()
})

test('remembers tenant and CA by the issuer', () => {
  const hints = createIssuerHints()
  hints.remember('key-1', issuerOf(acme))
  hints.remember('key-2', issuerOf(other))
  expect(hints.lookUp('key-1')).toEqual(issuerOf(acme))
  expect(hints.lookUp('key-2')).toEqual(issuerOf(other))
})

test('remembers tenant and CA and nothing else of what it is given', () => {
  const hints = createIssuerHints()
  hints.remember('key-1', acme)
  expect(hints.lookUp('key-1')).toEqual(issuerOf(acme))
})

test('takes the last of two tenants whose CAs carry one key id', () => {
  const hints = createIssuerHints()
  hints.remember('key-1', issuerOf(acme))
  hints.remember('key-1', issuerOf(other))
  expect(hints.lookUp('key-1')).toEqual(issuerOf(other))
})

test('forgets the issuer that was not used for longest beyond its capacity', () => {
  const hints = createIssuerHints({ capacity: 2 })
  for (const key of ['key-1', 'key-2', 'key-3']) hints.remember(key, issuerOf(acme))
  expect(hints.lookUp('key-1')).toBeUndefined()
  expect(hints.lookUp('key-3')).toEqual(issuerOf(acme))
})

test('is bounded when nobody says how: a thousand issuers', () => {
  const hints = createIssuerHints()
  for (let key = 0; key <= 1000; key++) hints.remember(String(key), issuerOf(acme))
  expect(hints.lookUp('0')).toBeUndefined()
  expect(hints.lookUp('1')).toEqual(issuerOf(acme))
})

test('hints at the one tenant of a deployment before any CA was remembered, then at the CA too', () => {
  const hints = createIssuerHints({ singleTenant: acme.tenantId })
  expect(hints.lookUp('key-1')).toEqual({ tenantId: acme.tenantId })
  hints.remember('key-1', issuerOf(acme))
  expect(hints.lookUp('key-1')).toEqual(issuerOf(acme))
})

test('never hints at another tenant than the one of the deployment', () => {
  const hints = createIssuerHints({ singleTenant: acme.tenantId })
  hints.remember('key-1', issuerOf(other))
  expect(hints.lookUp('key-1')).toEqual({ tenantId: acme.tenantId })
})
