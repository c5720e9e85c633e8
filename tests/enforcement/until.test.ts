import { expect, test } from 'vitest'
import { until } from './until.ts'

test('asks until there is an answer, and gives it', async () => {
  const answers = [undefined, undefined, 'there']
  const asked = until({ what: 'it', seconds: 10 }, async () => answers.shift())
  await expect(asked).resolves.toBe('there')
})

test('gives up once the time is up, and says what it waited for', async () => {
  const asked = until({ what: 'nothing', seconds: 0.1 }, async () => undefined)
  await expect(asked).rejects.toThrow('waited 0.1 s in vain for nothing')
})
