import {
  judgePolicySize,
  MAX_POLICY_TEXT,
  parsePolicyDocument,
} from '@thingpass/core/policy/document'
import { evaluate } from '@thingpass/core/policy/evaluate'
import { createStepMeter } from '@thingpass/core/policy/step-meter'
import { describe, expect, test } from 'vitest'
import { worstOf } from './decisions.ts'
import { HOSTILE_REQUEST, hostilePolicies, hostileTexts } from './hostile-corpus.ts'

describe('a hostile policy is one that can be stored, and the largest of its kind', () => {
  test.each([...hostilePolicies])('%s', (_, text) => {
    expect(judgePolicySize(text)).toBeUndefined()
    expect(parsePolicyDocument(text, 'iot')).toMatchObject({ ok: true })
    expect(text.length).toBeGreaterThan(1850)
  })
})

test('no hostile policy lets an evaluation take more than a tenth over its steps', () => {
  for (const text of hostilePolicies.values()) {
    const parsed = parsePolicyDocument(text, 'iot')
    if (!parsed.ok) throw new Error(parsed.problem)
    const meter = createStepMeter()
    const most = meter.left
    evaluate([parsed], HOSTILE_REQUEST, meter)
    expect(meter.left).toBeGreaterThan(-most / 10)
  }
})

describe('a hostile text is no longer than a text may be', () => {
  test.each([...hostileTexts])('%s', (_, text) => {
    expect(text.length).toBeLessThanOrEqual(MAX_POLICY_TEXT)
  })
  test('and several are as long', () => {
    const longest = [...hostileTexts.values()].filter(({ length }) => length > MAX_POLICY_TEXT - 6)
    expect(longest.length).toBeGreaterThanOrEqual(3)
  })
})

test('the worst of a corpus is the text that takes longest, first time and later times apart', () => {
  let now = 0
  let calls = 0
  const takes = (text: string) => (text === 'long' ? 3 : calls === 1 ? 9 : 1)
  const workOn = (text: string) => () => {
    calls += 1
    now += takes(text)
  }
  const corpus = new Map([
    ['the short one', 'short'],
    ['the long one', 'long'],
  ])
  expect(worstOf(corpus, workOn, 4, () => now)).toEqual({
    cold: { name: 'the short one', milliseconds: 9 },
    warm: { name: 'the long one', milliseconds: 3 },
  })
})

test("what else the machine does once is not the work's", () => {
  let now = 0
  let calls = 0
  const work = () => {
    calls += 1
    now += calls % 3 === 0 ? 50 : 2
  }
  expect(
    worstOf(
      new Map([['text', 'x']]),
      () => work,
      6,
      () => now,
    ).warm.milliseconds,
  ).toBe(2)
})
