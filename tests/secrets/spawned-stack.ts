import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnProgram } from '@thingpass/local/testing/spawned-program'
import { vi } from 'vitest'

/** A stack as users start it: a process, whose every line is kept. */
export type SpawnedStack = {
  readonly dataDir: string
  readonly url: string
  readonly controlUrl: string
  readonly dynamodbUrl: string
  /** What was printed and written down so far, by where. */
  readonly outputs: () => Promise<Readonly<Record<string, string>>>
  readonly stop: () => Promise<void>
}

/** Generous: real processes on a busy machine. */
const READY = { timeout: 30_000, interval: 20 }

/** Starts one on free ports, with the demo fleet, in a directory of its own. */
export async function spawnStack(): Promise<SpawnedStack> {
  const folder = await mkdtemp(join(tmpdir(), 'thingpass-secrets-'))
  const dataDir = join(folder, 'data')
  const program = spawnProgram('start.main.ts', [
    ...['--port', '0', '--control-port', '0', '--data-dir', dataDir],
  ])
  await vi.waitFor(() => {
    if (!program.stdout().includes('Ctrl-C stops')) throw new Error(program.stderr())
  }, READY)
  const addressOf = (name: string) =>
    new RegExp(`^ {2}${name} +(\\S+)`, 'm').exec(program.stdout())?.[1] ?? ''
  return {
    dataDir,
    url: addressOf('devices'),
    controlUrl: addressOf('operators'),
    dynamodbUrl: addressOf('DynamoDB'),
    outputs: async () => ({
      'stdout of the stack': program.stdout(),
      'stderr of the stack': program.stderr(),
      'audit.jsonl': await readFile(join(dataDir, 'audit.jsonl'), 'utf8'),
    }),
    stop: async () => {
      program.child.kill('SIGTERM')
      await program.ended
      await rm(folder, { recursive: true })
    },
  }
}
