import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { writeLine } from './log-line.ts'

test('a line is kept when the promise settles', async () => {
  const written: string[] = []
  const stream = new Writable({
    write: (chunk, _, done) => {
      setImmediate(() => {
        written.push(String(chunk))
        done()
      })
    },
  })
  await writeLine(stream, '{"a":1}')
  expect(written).toEqual(['{"a":1}\n'])
})

test('a line that cannot be written fails', async () => {
  const failure = new Error('closed')
  const stream = new Writable({ write: (_, __, done) => done(failure) })
  stream.on('error', () => undefined)
  await expect(writeLine(stream, 'x')).rejects.toBe(failure)
})
