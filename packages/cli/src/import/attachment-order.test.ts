import { expect, test } from 'vitest'
import { orderAttachments } from './attachment-order.ts'
import type { PolicyHolder, RecordOf } from './fleet-record.ts'

const attach = (
  policy: string,
  name: string,
  kind: PolicyHolder['kind'] = 'certificate',
): RecordOf<'policy-attachment'> => ({ kind: 'policy-attachment', policy, target: { kind, name } })

test('policies that deny come first', () => {
  const attachments = [attach('allow', 'a'), attach('deny', 'a'), attach('allow', 'b')]
  const { ordered, incomplete } = orderAttachments(attachments, {
    denies: (policy) => policy === 'deny',
    isMissing: () => false,
  })
  expect(ordered).toEqual([attach('deny', 'a'), attach('allow', 'a'), attach('allow', 'b')])
  expect(incomplete.size).toBe(0)
})

test('what lacks a policy is told, by its kind and name', () => {
  const attachments = [
    attach('gone', 'a'),
    attach('gone', 'g', 'thing-group'),
    attach('there', 'a'),
    attach('there', 'g'),
  ]
  const { incomplete } = orderAttachments(attachments, {
    denies: () => false,
    isMissing: (policy) => policy === 'gone',
  })
  expect([...incomplete]).toEqual([
    ['certificate a', 'gone'],
    ['thing-group g', 'gone'],
  ])
})
