import type { Decision } from '@thingpass/core/decision'
import type { StatementTrace } from '@thingpass/core/policy/trace'
import { expect, test } from 'vitest'
import { createJournal } from './journal.ts'
import { noteRefusal } from './note-refusal.ts'

type Refusal = Extract<Decision, { allow: false }>

const entry: StatementTrace = { policy: 'p', statement: 0, effect: 'Deny', matched: true }
const policies = [{ policyName: 'p' as never, versionId: '1', generationId: 'g' }]

function refusal(change: Partial<Refusal>, evaluation: object = {}): Refusal {
  const made = { result: 'explicitDeny', trace: [entry], ...evaluation } as const
  const trace = { steps: [{ step: 'policy', passed: false }], evaluation: made } as const
  return { allow: false, reason: 'policy-denies', policies, trace, ...change }
}

function noted(decision: Refusal) {
  const journal = createJournal(() => 0)
  noteRefusal(journal, decision)
  return journal.read().entries
}

test('notes how the policies stood that refused', () => {
  expect(noted(refusal({}))).toEqual({ statements: [entry], policies })
})

test('notes no statements where something else refused', () => {
  const steps = [
    { step: 'policy', passed: true },
    { step: 'alias', passed: false },
  ] as const
  const { evaluation } = refusal({}).trace
  const trace = { steps, ...(evaluation && { evaluation }) }
  expect(noted(refusal({ reason: 'alias-unknown', detail: 'x', trace }))).toEqual({
    detail: 'x',
    policies,
  })
  const early = refusal({ reason: 'alias-malformed', trace: { steps: steps.slice(0, 1) } })
  expect(noted({ ...early, policies: [] })).toEqual({ policies: [] })
})

test('says that the policies were too much to evaluate', () => {
  expect(noted(refusal({}, { outOfSteps: true }))).toMatchObject({
    detail: 'the policies take more steps than an evaluation may',
  })
  expect(noted(refusal({ detail: 'x' }, { outOfSteps: true }))).toMatchObject({ detail: 'x' })
})

test('notes no more than a record may hold', () => {
  const trace = Array.from({ length: 7000 }, () => ({ ...entry, sid: 's'.repeat(2000) }))
  const entries = noted(refusal({}, { trace }))
  expect(entries.truncated).toBe(true)
  expect(JSON.stringify(entries).length).toBeLessThan(16_384)
})
