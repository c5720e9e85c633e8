import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blockOf, type Coverage, startCoverage } from './coverage.ts'
import { fuzz } from './fuzz-loop.ts'
import { runInput } from './fuzz-run.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { mutate } from './mutate.ts'
import { createRandom } from './random.ts'
import { smallestInput } from './smallest-input.ts'

let reached = false
/** Fails where three octets stand, each one bit away from the seed, that hardly ever come all at once. */
const STAIRS: FuzzTarget = {
  name: 'stairs',
  format: 'text',
  seeds: () => ['0000000000'],
  run: (input) => {
    const [one, two, three] = input
    if (one !== 0xb0) return
    if (two !== 0x70) return
    if (three !== 0x10) return
    reached = true
    throw new TypeError('the top')
  },
}

function goingOn(times: number): () => boolean {
  let left = times
  return () => {
    left -= 1
    return left >= 0 && !reached
  }
}

const BLIND: Coverage = { take: () => new Set(), stop: () => undefined }

describe('a search', () => {
  let coverage = BLIND
  beforeAll(() => {
    coverage = startCoverage((url) => url.includes('fuzz-loop.test'))
  })
  afterAll(() => coverage.stop())

  const search = (target: FuzzTarget, seed: number, over: Coverage, batches: number) =>
    fuzz({
      target,
      corpus: [],
      coverage: over,
      random: createRandom(seed),
      goOn: goingOn(batches),
    })

  test('goes up the stairs that coverage shows, where a blind one does not', {
    timeout: 60_000,
  }, async () => {
    const found = await search(STAIRS, 1, coverage, 1500)
    expect(found.findings).toMatchObject([{ message: 'TypeError: the top' }])
    expect(found.kept.length).toBeGreaterThan(1)
    reached = false
    const blind = await search(STAIRS, 1, BLIND, 1500)
    expect(blind.findings).toEqual([])
  })

  test('finds the same with the same seed', async () => {
    const [one, other] = [await search(STAIRS, 7, BLIND, 50), await search(STAIRS, 7, BLIND, 50)]
    expect(one).toEqual(other)
    expect(one.executions).toBeGreaterThan(1000)
  })

  test.each<[string, FuzzTarget['run'], string]>([
    ['what is thrown', () => Promise.reject(new RangeError('no')), 'RangeError: no'],
    ['what is no error', () => Promise.reject('text'), 'text'],
  ])('takes %s for a finding', async (_, run, message) => {
    const found = await search({ ...STAIRS, run }, 1, BLIND, 0)
    expect(found.findings).toHaveLength(1)
    expect(found.findings[0]!.message).toContain(message)
  })

  test('takes time for a failure, beyond what one input may take', async () => {
    const burning: FuzzTarget = { ...STAIRS, run: () => burn(80) }
    expect(await runInput(burning, Buffer.of(1), 20)).toMatchObject({ place: 'time' })
    expect(await runInput(burning, Buffer.of(1), 2000)).toBeUndefined()
  })

  test('takes one place for one finding', async () => {
    const failing: FuzzTarget = {
      ...STAIRS,
      run: (input) => {
        throw new TypeError(`${input.length}`)
      },
    }
    expect((await search(failing, 1, BLIND, 3)).findings).toHaveLength(1)
  })

  test('makes a finding as small as it can be', async () => {
    const target: FuzzTarget = {
      ...STAIRS,
      run: (input) => {
        if (Buffer.from(input).includes('fail')) throw new TypeError('no')
      },
    }
    const input = Buffer.from(`${'a'.repeat(100)}fail${'b'.repeat(100)}`)
    const found = await fuzz({
      ...{ target, corpus: [input], coverage: BLIND, random: createRandom(1), goOn: goingOn(0) },
    })
    const smallest = await smallestInput(target, found.findings[0]!)
    expect(Buffer.from(smallest).toString()).toBe('fail')
  })
})

test('the same block is counted by magnitude', () => {
  const over = startCoverage((url) => url.includes('fuzz-loop.test'))
  const keysOf = (times: number) => {
    over.take()
    for (let left = times; left > 0; left -= 1) step(left)
    return over.take()
  }
  keysOf(1)
  const [few, more] = [keysOf(2), keysOf(40)]
  over.stop()
  expect([...more].some((key) => !few.has(key))).toBe(true)
  const blocksOf = (keys: ReadonlySet<string>) =>
    new Set([...keys].map(blockOf).filter((block) => block?.includes('fuzz-loop')))
  expect(blocksOf(more)).toEqual(blocksOf(few))
})

describe('changes', () => {
  const json = JSON.stringify({ a: [1, 'x', { __proto__x: null }], b: { c: 'y' } })
  const der = Buffer.from('300a0201010c0161a0023000', 'hex')

  test.each<[FuzzTarget['format'], Buffer, (changed: Uint8Array) => boolean]>([
    ['json', Buffer.from(json), (changed) => isJson(changed)],
    ['der', der, (changed) => isDer(Buffer.from(changed))],
  ])('keep most of %s what it is', (format, input, holds) => {
    const random = createRandom(5)
    const changed = Array.from({ length: 2000 }, () =>
      mutate(input, format, { random, dictionary: ['dict'], other: input }),
    )
    expect(new Set(changed.map(String)).size).toBeGreaterThan(300)
    expect(changed.filter(holds).length).toBeGreaterThan(600)
    expect(changed.every((each) => each.length <= 12 * 1024)).toBe(true)
  })

  test('never throw, however deep the input is', () => {
    const random = createRandom(5)
    const deep = Buffer.from(`${'['.repeat(5000)}${']'.repeat(5000)}`)
    for (let times = 0; times < 20; times += 1) {
      mutate(deep, 'json', { random, dictionary: [], other: deep })
      mutate(Buffer.alloc(0), 'der', { random, dictionary: [], other: deep })
    }
  })
})

function step(value: number): number {
  return value + 1
}

function isJson(input: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(input).toString('utf8'))
    return true
  } catch {
    return false
  }
}

/** Whether the first length fits. */
function isDer(input: Buffer): boolean {
  return input.length >= 2 && input.readUInt8(1) < 0x80 && input.length >= 2 + input.readUInt8(1)
}

function burn(milliseconds: number): void {
  const { user, system } = process.cpuUsage()
  const until = user + system + milliseconds * 1000
  for (;;) {
    const now = process.cpuUsage()
    if (now.user + now.system > until) return
  }
}
