import { expect, test } from 'vitest'
import type { Deployed } from './deployed.ts'
import { credentialsCost, idleCost, totalOf } from './monthly-cost.ts'
import document from './prices.json' with { type: 'json' }

const deployed: Deployed = {
  alarms: 12,
  dashboards: 1,
  kmsKeys: 2,
  loadBalancers: 0,
  provisionedMb: 0,
  credentialsMb: 512,
  publisherMb: 256,
  publisherRunsPerMinute: 1,
  publisherMetrics: 6,
}
const usage = { cas: 1, credentialMs: 40, publisherMs: 200 }
const usdOf = (lines: readonly { readonly what: string; readonly usd: number }[], what: string) =>
  lines.find((line) => line.what === what)?.usd

test('a month is 730 hours of whatever is there', () => {
  const lines = idleCost({ ...deployed, loadBalancers: 2, provisionedMb: 1024 }, usage)
  expect(usdOf(lines, 'alarms')).toBeCloseTo(1.2)
  expect(usdOf(lines, "keys of tenants' CAs")).toBe(2)
  expect(usdOf(lines, 'publisher: time')).toBeCloseTo(43_800 * 0.2 * 0.25 * 0.0000133334)
  expect(usdOf(lines, 'instances kept warm')).toBeCloseTo(730 * 3600 * 0.0000033334)
  expect(usdOf(lines, 'load balancers')).toBeCloseTo(2 * 730 * 0.0225)
})

test('what is not there is not on the bill', () => {
  const whats = idleCost(deployed, usage).map(({ what }) => what)
  expect(whats).not.toContain('load balancers')
  expect(whats).not.toContain('instances kept warm')
})

test('a million credentials are a million requests of everything', () => {
  const lines = credentialsCost(deployed, usage, 1_000_000)
  expect(usdOf(lines, 'HTTP API requests')).toBeCloseTo(1)
  expect(usdOf(lines, 'registry reads')).toBeCloseTo(0.75)
  expect(usdOf(lines, 'credentials function: time')).toBeCloseTo(20_000 * 0.0000133334)
})

test('the sum is the sum', () => {
  const lines = idleCost(deployed, usage)
  expect(totalOf(lines)).toBeCloseTo(lines.reduce((sum, { usd }) => sum + usd, 0))
})

test('every price says what it is for, from which page of AWS, and where it was read', () => {
  expect(document.asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
  for (const price of Object.values(document.prices)) {
    expect(price.usd).toBeGreaterThan(0)
    expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\//)
    expect(price.readAt).not.toBe('')
  }
})
