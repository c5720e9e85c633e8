import { expect, test } from 'vitest'
import { findRecord } from './audit-lines.ts'

const line = (requestId: string, more: object = {}) =>
  JSON.stringify({ requestId, time: 't', decision: 'deny', ...more })

test('the record of a request is found among others, and the last of several', () => {
  const lines = [line('a'), line('b', { status: 1 }), line('b', { status: 2 }), line('c')]
  expect(findRecord(lines, 'b')).toMatchObject({ requestId: 'b', status: 2 })
})

test.each([
  ['none is there', []],
  ['it is named in another field only', [line('a', { detail: 'b' })]],
  ['its line was cut off', [line('b').slice(0, -2)]],
  ['its line is no record', ['"b"', 'null b', JSON.stringify({ requestId: 'b' })]],
])('nothing is found where %s', (_, lines) => {
  expect(findRecord(lines, 'b')).toBeUndefined()
})
