import { expect, test } from 'vitest'
import { nextStep } from './policy-steps.ts'

const wanted = [
  { document: 'A', isDefault: false },
  { document: 'B', isDefault: true },
  { document: 'C', isDefault: false },
]
const there = (documents: string, defaultAt: number) =>
  [...documents].map((document, index) => ({
    document,
    isDefault: index === defaultAt,
    versionId: `v${index + 1}`,
  }))

test.each([
  ['AB', 0, { kind: 'add-version', document: 'C' }],
  ['A', 0, { kind: 'add-version', document: 'B' }],
  ['ABC', 0, { kind: 'set-default', versionId: 'v2' }],
  ['ABC', 1, { kind: 'done' }],
  ['AX', 0, { kind: 'differs' }],
  ['ABCD', 1, { kind: 'differs' }],
  ['B', 0, { kind: 'differs' }],
])('with %s here and default at %i the next step is %j', (documents, defaultAt, step) => {
  expect(nextStep(wanted, there(documents, defaultAt))).toEqual(step)
})

test('without a default nothing is chosen', () => {
  expect(nextStep([{ document: 'A', isDefault: false }], there('A', 0))).toEqual({
    kind: 'differs',
  })
})
