import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createRegistryTable } from '../src/registry/table.ts'

/** An empty registry table in an engine of its own. */
export type TestTable = {
  readonly client: DynamoDBClient
  readonly tableName: string
  /** Where the engine listens, for clients of the test's own making. */
  readonly endpoint: string
  readonly stop: () => Promise<void>
}

const START_DEADLINE_MS = 10_000

/** Starts dynoxide in memory on a free loopback port and creates the registry's table. The caller stops it. */
export async function startTestTable(): Promise<TestTable> {
  const { engine, port } = await startEngine()
  const endpoint = `http://127.0.0.1:${port}`
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const tableName = 'registry'
  const stop = async (): Promise<void> => {
    client.destroy()
    await stopEngine(engine)
  }
  try {
    await createRegistryTable(client, tableName)
  } catch (error) {
    await stop()
    throw error
  }
  return { client, tableName, endpoint, stop }
}

/** A free port may be taken before the engine has it: then another one is tried. */
async function startEngine(attempts = 5): Promise<{ engine: ChildProcess; port: number }> {
  const port = await freePort()
  const engine = spawn(binary(), ['serve', '--host', '127.0.0.1', '--port', String(port)], {
    stdio: 'ignore',
  })
  process.once('exit', () => engine.kill('SIGKILL')) // a test that ends early leaves nothing behind
  if (await listens(engine, port)) return { engine, port }
  await stopEngine(engine)
  if (attempts === 1) throw new Error('the local DynamoDB engine does not start')
  return startEngine(attempts - 1)
}

/** The engine is a dependency of the local package; npm hoists it. */
const binary = (): string => createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide')

async function listens(engine: ChildProcess, port: number): Promise<boolean> {
  const deadline = Date.now() + START_DEADLINE_MS
  while (engine.exitCode === null && Date.now() < deadline) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
    if (answered) return engine.exitCode === null
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return false
}

async function stopEngine(engine: ChildProcess): Promise<void> {
  if (engine.exitCode !== null || engine.signalCode !== null) return
  const gone = new Promise((resolve) => engine.once('exit', resolve))
  engine.kill('SIGKILL')
  await gone
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
