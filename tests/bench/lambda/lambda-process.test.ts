import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { startLambda } from './lambda-process.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** A function of this code, run by the bench's own runtime client: AWS's needs a compiler. */
async function functionOf(code: string) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-test-'))
  folders.push(folder)
  await writeFile(join(folder, 'bundle.mjs'), code)
  const runtimeClient = fileURLToPath(new URL('runtime-client.mjs', import.meta.url))
  return { folder, handler: 'bundle.handler', environment: { MARK: 'set' }, runtimeClient }
}

test('a function is started afresh, and answers one event after the other', async () => {
  const code = `let calls = 0
    export const handler = async (event) => ({ name: event.name, calls: ++calls, mark: process.env.MARK, secret: process.env.BENCH_SECRET })`
  process.env.BENCH_SECRET = 'of the caller'
  const lambda = await startLambda(await functionOf(code))
  try {
    const answers = [await lambda.invoke('{"name":"one"}'), await lambda.invoke('{"name":"two"}')]
    expect(answers.map(({ ok, body }) => [ok, JSON.parse(body)])).toEqual([
      [true, { name: 'one', calls: 1, mark: 'set' }],
      [true, { name: 'two', calls: 2, mark: 'set' }],
    ])
    expect(lambda.initMilliseconds).toBeGreaterThan(0)
  } finally {
    delete process.env.BENCH_SECRET
    await lambda.stop()
  }
})

test('a handler that throws is told apart from one that answers', async () => {
  const lambda = await startLambda(
    await functionOf('export const handler = async () => { throw new Error("no") }'),
  )
  try {
    expect(await lambda.invoke('{}')).toMatchObject({ ok: false })
  } finally {
    await lambda.stop()
  }
})

test.each([
  ['throws when it is loaded', 'throw new Error("broken at import")', 'broken at import'],
  ['ends by itself', 'process.exit(3)', 'has ended'],
])('a function that %s does not start', async (_, code, words) => {
  await expect(startLambda(await functionOf(code))).rejects.toThrow(words)
})

test('a function that ends in the middle of an event fails the invocation', async () => {
  const lambda = await startLambda(
    await functionOf('export const handler = async () => process.exit(3)'),
  )
  await expect(lambda.invoke('{}')).rejects.toThrow('has ended')
  await lambda.stop()
})
