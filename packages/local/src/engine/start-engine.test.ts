import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createRegistryTable } from '@thingpass/aws/registry/table'
import { parseRegion } from '@thingpass/core/names'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findEngineBinary } from './engine-binary.ts'
import { bindOnce } from './free-port.ts'
import { startEngine } from './start-engine.ts'
import { superviseProcess } from './supervised-process.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const script = async (name: string, text: string) => {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o700)
  return path
}

const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)

/** A process of its own that runs the engine, says where, and waits to be killed. */
async function startElsewhere(databasePath: string) {
  const program = `
    import { startEngine } from ${here('./start-engine.ts')}
    import { findEngineBinary } from ${here('./engine-binary.ts')}
    const engine = await startEngine(findEngineBinary(), ${JSON.stringify(databasePath)})
    console.log(engine.url)`
  const host = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url] = await once(host.stdout, 'data')
  return { host, url: String(url).trim() }
}

const clientOf = (endpoint: string) =>
  createDynamoClient({
    region: parseRegion('us-east-1')!,
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
const key = { pk: { S: 'a' }, sk: { S: 'b' } }

const refusesConnections = async (url: string) => {
  await expect
    .poll(() =>
      bindOnce(Number(new URL(url).port)).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
}

describe('the engine', () => {
  test('stops when it is told to', async () => {
    const engine = await startEngine(findEngineBinary(), join(folder, 'registry.db'))
    expect((await fetch(engine.url)).status).toBeGreaterThan(0)
    await engine.stop()
    await refusesConnections(engine.url)
  })

  test('dies with a process that is killed, and has kept what was written', async () => {
    const databasePath = join(folder, 'registry.db')
    const { host, url } = await startElsewhere(databasePath)
    const client = clientOf(url)
    await createRegistryTable(client, 'things')
    await client.send(new PutItemCommand({ TableName: 'things', Item: { ...key, n: { N: '7' } } }))
    host.kill('SIGKILL')
    await refusesConnections(url)

    const again = await startEngine(findEngineBinary(), databasePath)
    const second = clientOf(again.url)
    await createRegistryTable(second, 'things')
    const { Item } = await second.send(new GetItemCommand({ TableName: 'things', Key: key }))
    expect(Item).toEqual({ ...key, n: { N: '7' } })
    await again.stop()
  })

  test('gets another port when the first was taken from under it', async () => {
    const flag = join(folder, 'tried')
    const first = `[ -e '${flag}' ] || { touch '${flag}'; echo 'address in use' >&2; exit 1; }`
    const binary = await script('engine', `${first}\nexec '${findEngineBinary()}' "$@"`)
    const engine = await startEngine(binary, ':memory:')
    await engine.stop()
    expect(await engine.ended).not.toBe('address in use')
  })

  test('that cannot start says why in one line', async () => {
    const binary = await script('engine', 'echo "first" >&2; echo "unable to open it" >&2; exit 1')
    await expect(startEngine(binary, 'registry.db')).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: 'the embedded DynamoDB did not start: unable to open it',
    })
  })

  test('that is not there says so', async () => {
    await expect(startEngine(join(folder, 'nothing'), 'registry.db')).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('not found'),
    })
  })
})

describe('a supervised program', () => {
  const pidOf = async (program: string) => {
    await expect.poll(() => readPid(program)).toBeGreaterThan(0)
    return readPid(program)
  }
  const readPid = async (program: string) => {
    return Number(await readFile(`${program}.pid`, 'utf8').catch(() => '0'))
  }

  test('that does not listen to SIGTERM is killed', { timeout: 10_000 }, async () => {
    const deaf = await script(
      'deaf',
      'trap "" TERM; echo $$ > "$0.pid"; while :; do sleep 0.1; done',
    )
    const supervised = superviseProcess(deaf, [])
    const pid = await pidOf(deaf)
    await supervised.stop()
    await expect.poll(() => isAlive(pid)).toBe(false)
  })

  test('is not stopped by Ctrl-C in the terminal; its owner is to stop it', async () => {
    const program = await script(
      'program',
      'echo $$ > "$0.pid"; echo $PPID > "$0.guard.pid"; exec sleep 30',
    )
    const supervised = superviseProcess(program, [])
    const guard = await pidOf(`${program}.guard`)
    const pid = await pidOf(program)
    for (const signalled of [pid, guard]) process.kill(signalled, 'SIGINT')
    for (const signalled of [pid, guard]) process.kill(signalled, 'SIGHUP')
    await supervised.stop()
    expect([pid, guard].filter(isAlive)).toEqual([])
  })

  test('gets its arguments as they are, and reports its own end', async () => {
    const program = await script('program', 'echo "$#:$1" >&2')
    const supervised = superviseProcess(program, ['a b; $(x)', ''])
    expect(await supervised.ended).toBe('2:a b; $(x)')
    await supervised.stop()
  })
})

describe('a port', () => {
  test('that is taken is noticed before anything starts', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    await expect(bindOnce(port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    taken.close()
  })
})

test('T02: the engine, which asks nobody who they are, is not found on the usual address', async () => {
  const engine = await startEngine(findEngineBinary(), join(folder, 'hidden.db'))
  const { hostname, port } = new URL(engine.url)
  expect(hostname).toMatch(/^127(?:\.\d{1,3}){3}$/)
  expect(hostname).not.toBe('127.0.0.1')
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow()
  await engine.stop()
})
