import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { THREATS } from './threat-list.ts'

test('there are forty threats, and each has its number', () => {
  const numbers = Array.from({ length: 40 }, (_, index) => String(index + 1).padStart(2, '0'))
  expect(THREATS.map(({ id }) => id)).toEqual(numbers.map((number) => `T${number}`))
})

test('every place of a defence exists', () => {
  const missing = THREATS.flatMap(({ files }) => files).filter(
    (file) => !existsSync(resolve(import.meta.dirname, '../..', file)),
  )
  expect(missing).toEqual([])
})

test('what applies says where its defence is', () => {
  const placeless = THREATS.filter(({ state, files }) => state.kind === 'applies' && !files.length)
  expect(placeless).toEqual([])
})
