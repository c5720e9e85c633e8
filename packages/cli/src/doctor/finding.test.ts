import { expect, test } from 'vitest'
import { describeFindings, leftOut, note, ok, problem } from './finding.ts'

test('findings are lines, advice below what it is about, problems counted last', () => {
  const findings = [
    ok('files', 'all can be read'),
    note('key', 'others may read it', 'chmod 600'),
    problem('client certificate', 'none', 'turn it on'),
    leftOut('clock', 'no Date'),
  ]
  expect(describeFindings(findings)).toBe(`ok        files              all can be read
note      key                others may read it
                             chmod 600
problem   client certificate none
                             turn it on
left out  clock              no Date
1 problem
`)
})

test.each([
  [0, 'no problems\n'],
  [2, '2 problems\n'],
])('%d problems are counted in words', (count, words) => {
  const findings = Array.from({ length: count }, () => problem('DNS', 'a', 'b'))
  expect(describeFindings(findings).endsWith(words)).toBe(true)
})
