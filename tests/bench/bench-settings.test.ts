import { describe, expect, test } from 'vitest'
import { DEPLOYED, readSettings } from './bench-settings.ts'

test('without arguments everything is measured, of the deployed function', () => {
  expect(readSettings([])).toEqual({
    ok: true,
    settings: {
      ...{ only: ['a', 'b', 'c', 'd', 'e', 'f'], bundles: [DEPLOYED] },
      ...{ quick: false, write: false, million: false },
    },
  })
})

test('other bundles are measured beside the deployed one, each once', () => {
  const reading = readSettings(['--bundle', `x.main.ts,${DEPLOYED}`, '--bundle', 'x.main.ts'])
  expect(reading).toMatchObject({ settings: { bundles: [DEPLOYED, 'x.main.ts'] } })
})

test('sections come in their own order', () => {
  expect(readSettings(['--only', 'e,a'])).toMatchObject({ settings: { only: ['a', 'e'] } })
})

describe('refused', () => {
  test.each([
    { words: ['--fast'] },
    { words: ['--only', 'a,z'] },
    { words: ['--only', ''] },
    { words: ['extra'] },
    { words: ['--write', '--quick'] },
    { words: ['--write', '--only', 'a'] },
  ])('$words', ({ words }) => {
    expect(readSettings(words)).toMatchObject({ ok: false })
  })
})
