import { expect, test } from 'vitest'
import { scriptOf } from './run-artillery.ts'
import { arrivalAt, arrivalsOf, SCENARIO_NAMES, type ScenarioName, shareOf } from './scenario.ts'

const LOAD = { devices: 40, perSecond: 20, seconds: 10 }

const rows: [scenario: ScenarioName, load: Partial<typeof LOAD>, count: number, seconds: number][] =
  [
    ['boot', {}, 200, 10],
    ['boot', { devices: 500 }, 500, 25],
    ['steady', { devices: 500 }, 200, 10],
    ['storm', {}, 40, 1],
    ['storm', { devices: 500, perSecond: 1 }, 500, 1],
    ['noisy-tenant', { perSecond: 2.5 }, 25, 10],
    ['bad-devices', {}, 200, 10],
    ['steady', { perSecond: 0.01 }, 1, 10],
  ]
test.each(rows)('%s with %j: %i devices in %i s', (scenario, load, count, seconds) => {
  expect(arrivalsOf(scenario, { ...LOAD, ...load })).toEqual({ count, seconds })
})

test('three of four are noisy, and each part of the fleet is gone through in turn', () => {
  const first = Array.from({ length: 8 }, (_, index) => arrivalAt('noisy-tenant', index))
  expect(first.map(({ part, number }) => `${part} ${number}`)).toEqual([
    ...['noisy 0', 'noisy 1', 'noisy 2', 'good 0'],
    ...['noisy 3', 'noisy 4', 'noisy 5', 'good 1'],
  ])
})

test('three in ten are bad', () => {
  const parts = Array.from({ length: 100 }, (_, index) => arrivalAt('bad-devices', index))
  expect(parts.filter(({ part }) => part === 'bad').map(({ number }) => number)).toEqual(
    Array.from({ length: 30 }, (_, index) => index),
  )
  expect(parts.filter(({ part }) => part === 'good')).toHaveLength(70)
  expect(shareOf('bad-devices', 'bad')).toBe(0.3)
  expect(shareOf('noisy-tenant', 'noisy')).toBe(0.75)
})

test.each(['boot', 'steady', 'storm'] as const)('%s is of good devices alone', (scenario) => {
  expect([0, 1, 7].map((index) => arrivalAt(scenario, index))).toEqual([
    { part: 'good', number: 0 },
    { part: 'good', number: 1 },
    { part: 'good', number: 7 },
  ])
})

const script = (scenario: ScenarioName): string =>
  JSON.stringify(
    scriptOf({
      ...{ scenario, url: 'https://localhost:1', roleAlias: 'load' },
      arrivals: { count: 3, seconds: 2 },
    }),
  )

test.each(SCENARIO_NAMES)('the script of %s holds neither key nor certificate', (scenario) => {
  expect(script(scenario)).not.toMatch(/PRIVATE|CERTIFICATE/)
  expect(script(scenario)).toContain('"phases":[{"duration":2,"arrivalCount":3}]')
})

test('only a storm’s devices try again', () => {
  const again = SCENARIO_NAMES.filter((scenario) => script(scenario).includes('isToTryAgain'))
  expect(again).toEqual(['storm'])
})
