import { glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { DEVICE_TABLE } from './device-table.ts'
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

/** As the lean adapters write a call: DynamoDB's by its target, STS's in a form. */
const LEAN_CALL = /\brequest\('(\w+)'|\['Action', '(\w+)'\]/g

test('every call that is made without the SDK is spoiled in that way, too', async () => {
  const made = new Set<string>()
  for await (const file of glob('packages/aws/src/lean/**/*.ts', { cwd: ROOT })) {
    if (file.endsWith('.test.ts')) continue
    const text = await readFile(join(ROOT, file), 'utf8')
    for (const [, dynamo, sts] of text.matchAll(LEAN_CALL)) made.add(dynamo ?? String(sts))
    // A request that is written in another way would not be seen above.
    const sends = [...text.matchAll(/\bsend\((?!request\('|\{ headers, body: formOf\()/g)]
    if (text.includes('= createSignedCall(')) expect(sends).toEqual([])
  }
  expect([...made].toSorted()).toEqual(Object.keys(DEVICE_TABLE).toSorted())
})
