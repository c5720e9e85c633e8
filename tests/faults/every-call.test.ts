import { glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { TRUSTSTORE } from './truststore-wire.ts'
import { DYNAMO, IAM, KMS, STS } from './wire.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** Made by the local stack and by tests, never by a function. */
const LOCAL = new Set(['CreateTable', 'DescribeTable', 'DescribeTimeToLive', 'UpdateTimeToLive'])

test('every call that a function makes is spoiled here', async () => {
  const made = new Set<string>()
  for await (const file of glob('packages/aws/src/**/*.ts', { cwd: ROOT })) {
    if (file.endsWith('.test.ts')) continue
    const text = await readFile(join(ROOT, file), 'utf8')
    for (const [, call] of text.matchAll(/new (\w+)Command\(/g)) made.add(String(call))
  }
  const wires = [DYNAMO, STS, IAM, KMS, TRUSTSTORE]
  const spoiled = new Set(wires.flatMap(({ calls }) => Object.keys(calls)))
  expect([...made].filter((call) => !LOCAL.has(call)).toSorted()).toEqual([...spoiled].toSorted())
})
