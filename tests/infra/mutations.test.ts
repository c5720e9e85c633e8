import { beforeAll, describe, expect, test } from 'vitest'
import { MISTAKES, REFUSED } from './mutations.ts'
import { PROPERTIES } from './properties.ts'
import { CA_KEY_PROPERTIES } from './properties-ca-keys.ts'
import { LOAD_BALANCER_PROPERTIES } from './properties-load-balancer.ts'
import { runVariants, type Variants } from './run-variants.ts'

const ALL = { ...PROPERTIES, ...CA_KEY_PROPERTIES, ...LOAD_BALANCER_PROPERTIES }

let variants: Variants

beforeAll(async () => {
  const changes = Object.entries({ ...MISTAKES, ...REFUSED })
  variants = await runVariants(
    changes.map(([id, { stage = 'production', before = [], ...edit }]) => ({
      id,
      stage,
      edits: [...before, edit],
    })),
  )
}, 600_000)

describe('a mistake in the program breaks the property that it is against', () => {
  test.each(Object.entries(MISTAKES))('%s', (id, { breaks }) => {
    const [named, ...others] = Object.entries(ALL).filter(([name]) => name.startsWith(breaks))
    expect(others).toEqual([])
    const state = variants.stateOf(id)
    expect(() => named?.[1](state)).toThrow()
  })
})

describe('the program refuses', () => {
  test.each(Object.entries(REFUSED))('%s', (id, { says }) => {
    expect(variants.errorOf(id)).toContain(says)
  })
})

test('each property is broken by a mistake', () => {
  const broken = Object.values(MISTAKES).map(({ breaks }) => breaks)
  const unbroken = Object.keys(ALL).filter(
    (name) => !broken.some((beginning) => name.startsWith(beginning)),
  )
  expect(unbroken).toEqual([])
})
