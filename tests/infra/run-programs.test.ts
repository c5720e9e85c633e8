import { expect, test } from 'vitest'
import { runVariants } from './run-variants.ts'

test('a program that is rejected half way, and then waits for what will not come, ends the run', async () => {
  const lost = {
    file: 'infra/registry.ts',
    from: "ttl: 'expiresAt',",
    to: "ttl: $output('expiresAt').apply(() => { throw new Error('lost half way') }),",
  }
  await expect(runVariants([{ id: 'lost', stage: 'dev', edits: [lost] }])).rejects.toThrow(
    'lost half way',
  )
}, 60_000)
