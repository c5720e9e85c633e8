import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { draw } from './draw.ts'

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')

test('the architecture picture is what its text says: else `npm run picture`', async () => {
  expect(read('architecture.svg')).toBe(await draw(read('architecture.dot')))
})
