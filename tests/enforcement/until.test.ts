import { expect, test } from 'vitest'
import { until } from './until.ts'

test('asks until there is an answer, and gives it', async () => {
  const answers = [undefined, undefined, 'there']
  const asked = until({ what: 'it', seconds: 10 }, async () => answers.shift())
  await expect(asked).resolves.toBe('there')
})

test('gives up once the time is up, and says what it waited for', async () => {
  const asked = until({ what: 'nothing', seconds: 0.1 }, async () => undefined)
  await expect(asked).rejects.toThrow('waited in vain (0.1 s at most) for nothing')
})

test('gives up at once when the wait has no purpose any more', async () => {
  let asked = 0
  const stop = new AbortController()
  const waiting = until({ what: 'it', seconds: 10, signal: stop.signal }, async () => {
    asked += 1
    stop.abort()
    return undefined
  })
  await expect(waiting).rejects.toThrow('waited in vain')
  expect(asked).toBe(1)
})
