import { expect, test } from 'vitest'
import { formatReport, reportJson, summarize } from './import-report.ts'
import type { JournalEntry } from './journal.ts'

const finding = (kind: 'left-out' | 'differs' | 'rewritten', name: string, reason: string) =>
  ({ kind, collection: 'policies', name, reason }) as const
const entries: readonly JournalEntry[] = [
  { stage: 'things', key: 'a', outcome: 'created' },
  { stage: 'things', key: 'b', outcome: 'none' },
  { stage: 'things', key: 'c', outcome: 'failed', reason: 'X: no' },
  {
    stage: 'policies',
    key: 'p',
    outcome: 'already',
    findings: [finding('rewritten', 'p', 'x -> y')],
  },
  { stage: 'policies', key: 'q', outcome: 'left-out', findings: [finding('left-out', 'q', 'odd')] },
  { stage: 'certificates', key: 'z', outcome: 'created' },
]
const about = {
  dryRun: false,
  stages: ['things', 'policies'] as const,
  account: [{ kind: 'left-out', collection: 'account', name: 'job j', reason: 'MQTT' }] as const,
}

test('an import is summed up by its steps', () => {
  const { counts, failures, findings } = summarize(entries, about)
  expect(Object.fromEntries(counts)).toEqual({
    things: { created: 1, already: 0, 'left-out': 0, failed: 1 },
    policies: { created: 0, already: 1, 'left-out': 1, failed: 0 },
  })
  expect(failures).toEqual([{ stage: 'things', key: 'c', reason: 'X: no' }])
  expect(findings.map(({ name }) => name)).toEqual(['job j', 'p', 'q'])
})

test('people are told in sections', () => {
  expect(
    formatReport(summarize(entries, about)),
  ).toBe(`          created  already there  left out  failed
things    1        0              0         1
policies  0        1              1         0

Accounts and regions that were rewritten:
  policies p: x -> y

Not carried over:
  account job j: MQTT
  policies q: odd

Failed:
  things c: X: no
`)
})

test('a dry run says so', () => {
  const text = formatReport(summarize(entries, { ...about, dryRun: true }))
  expect(text).toContain('to create')
  expect(text).toMatch(/\nNothing was written\.\n$/)
})

test('findings of one reason stand together, and long lists are cut', () => {
  const names = Array.from({ length: 22 }, (_, index) => `n${index}`)
  const findings = names.map((name) => finding('differs', name, 'same'))
  const many = [{ ...entries[0], findings } as JournalEntry]
  const text = formatReport(summarize(many, { ...about, account: [] }))
  expect(text).toContain('Works otherwise here:\n  policies: same (22): n0, n1,')
  expect(text).toContain('n19 and 2 more (--json names all)\n')
})

test('what stands in names cannot move the cursor', () => {
  const odd = [{ ...entries[2], key: 'c\u001b[2J' } as JournalEntry]
  expect(formatReport(summarize(odd, about))).not.toContain('\u001b')
})

test('programs get all of it', () => {
  const report = JSON.parse(reportJson(summarize(entries, about)))
  expect(report).toMatchObject({
    dryRun: false,
    counts: { things: { created: 1 } },
    failures: [{ key: 'c' }],
  })
  expect(report.findings).toHaveLength(3)
})
