import { describe, expect, test } from 'vitest'
import { cover, idsIn, problemsOf, statusOf } from './coverage.ts'
import { renderThreats } from './document.ts'
import type { Threat } from './threat.ts'

const threat: Threat = {
  id: 'T91',
  stride: 'S',
  attack: 'an attack',
  defence: 'a defence',
  files: ['a.ts'],
  state: { kind: 'applies' },
}
const open: Threat = { ...threat, id: 'T92', state: { kind: 'open', reason: 'not built' } }
const absent: Threat = {
  ...threat,
  id: 'T93',
  state: { kind: 'not-applicable', reason: 'no such part' },
}
const THREATS = [threat, open, absent]
const passing = { file: 'a.test.ts', name: 'T91: is refused', passed: true }

describe('the claim that every threat is met holds', () => {
  test('when each that applies has a test and all pass', () => {
    expect(problemsOf(THREATS, [passing])).toEqual([])
  })

  test.each([
    ['no test carries an id', [], 'T91 applies and has no test'],
    [
      'a test fails beside one that passes',
      [passing, { ...passing, name: 'T91: other', passed: false }],
      'T91 has a test that fails: a.test.ts: "T91: other"',
    ],
    [
      'a title names a threat that is none',
      [passing, { ...passing, name: 'and T99: is refused' }],
      'a.test.ts: "and T99: is refused" names T99, which is no threat',
    ],
    [
      'the id is a part of another word',
      [{ ...passing, name: 'at 2026-01-01T91:00, or XT91' }],
      'T91 applies and has no test',
    ],
  ])('not when %s', (_, results, problem) => {
    expect(problemsOf(THREATS, results)).toEqual([problem])
  })
})

test('a threat that is open stays open, whatever tests there are', () => {
  const results = [{ ...passing, name: 'T92 and T93: are refused' }]
  expect(cover(THREATS, results).map(statusOf)).toEqual(['untested', 'open', 'not applicable'])
})

test('a group’s id counts for each of its tests', () => {
  const [first] = cover(THREATS, [{ ...passing, name: 'T91: refused > without a header' }])
  expect(first?.tests).toHaveLength(1)
})

test('an id that comes twice in a title is one', () => {
  expect(idsIn('T91: as T91, and (T92)')).toEqual(['T91', 'T92'])
})

describe('the page', () => {
  test('tells attack, defence, status and tests, whatever order they came in', () => {
    const later = { ...passing, name: 'T91: is a second', file: 'b.test.ts' }
    const page = renderThreats(THREATS, [later, passing])
    expect(page).toBe(renderThreats(THREATS, [passing, later]))
    expect(page).toContain('| [T91](#t91) | S | an attack | passing | 2 |')
    expect(page).toContain('* Defence: a defence (`a.ts`).')
    expect(page).toContain('* `a.test.ts`: 1 test\n  * is refused\n* `b.test.ts`')
    expect(page).toContain('* Status: open: not built.')
    expect(page).toContain('* Status: not applicable: no such part.')
  })

  test.each([
    ['a test came', [passing, { ...passing, name: 'T91: is refused again' }]],
    ['a test went', []],
    ['a test was renamed', [{ ...passing, name: 'T91: was refused' }]],
    ['a test moved', [{ ...passing, file: 'c.test.ts' }]],
    ['a test fails', [{ ...passing, passed: false }]],
  ])('is another when %s', (_, results) => {
    expect(renderThreats(THREATS, results)).not.toBe(renderThreats(THREATS, [passing]))
  })

  test('shows a few titles of a table and counts the rest', () => {
    const many = Array.from({ length: 9 }, (_, row) => ({ ...passing, name: `T91: row ${row}` }))
    expect(renderThreats(THREATS, many)).toContain('  * row 5\n  * and 3 more\n')
  })

  test('shows marks and control characters of a title as text', () => {
    const results = [{ ...passing, name: 'T91: `a|b`\n<i> *' }]
    expect(renderThreats(THREATS, results)).toContain('  * \\`a\\|b\\`\u{fffd}\\<i\\> \\*\n')
  })
})
