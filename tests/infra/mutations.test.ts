import { beforeAll, describe, expect, test } from 'vitest'
import { mutatedCopy } from './mutated-copy.ts'
import { MISTAKES, REFUSED } from './mutations.ts'
import type { JobResult } from './program-state.ts'
import { PROPERTIES } from './properties.ts'
import { CA_KEY_PROPERTIES } from './properties-ca-keys.ts'
import { LOAD_BALANCER_PROPERTIES } from './properties-load-balancer.ts'
import { runOffline } from './run-offline.ts'

const ALL = { ...PROPERTIES, ...CA_KEY_PROPERTIES, ...LOAD_BALANCER_PROPERTIES }

let results: ReadonlyMap<string, JobResult>

beforeAll(async () => {
  const changes = Object.entries({ ...MISTAKES, ...REFUSED })
  const copies = changes.map(([id, { stage = 'production', before = [], ...edit }]) => ({
    stage,
    ...mutatedCopy(id, [...before, edit]),
  }))
  try {
    results = new Map((await runOffline(copies)).map((result) => [result.id, result]))
  } finally {
    for (const { remove } of copies) remove()
  }
}, 120_000)

describe('a mistake in the program breaks the property that it is against', () => {
  test.each(Object.entries(MISTAKES))('%s', (id, { breaks }) => {
    const [named, ...others] = Object.entries(ALL).filter(([name]) => name.startsWith(breaks))
    expect(others).toEqual([])
    const result = results.get(id)
    if (!(named && result?.ok)) throw new Error(result?.ok === false ? result.error : breaks)
    expect(() => named[1](result.state)).toThrow()
  })
})

describe('the program refuses', () => {
  test.each(Object.entries(REFUSED))('%s', (id, { says }) => {
    expect(results.get(id)).toMatchObject({ ok: false, error: expect.stringContaining(says) })
  })
})

test('each property is broken by a mistake', () => {
  const broken = Object.values(MISTAKES).map(({ breaks }) => breaks)
  const unbroken = Object.keys(ALL).filter(
    (name) => !broken.some((beginning) => name.startsWith(beginning)),
  )
  expect(unbroken).toEqual([])
})
