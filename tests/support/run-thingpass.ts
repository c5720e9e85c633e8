import { spawn } from 'node:child_process'

/** A run of the command in a process of its own. */
export type ThingpassRun = {
  readonly kill: () => void
  /** Exit code (null after a kill) and what was printed. */
  readonly ended: Promise<{
    readonly code: number | null
    readonly out: string
    readonly err: string
  }>
}

const PROGRAM = new URL('../../packages/cli/src/thingpass.main.ts', import.meta.url).pathname

/** Runs `thingpass` under this very Node, with no more of the environment than a test gives it. */
export function runThingpass(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ThingpassRun {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...environment, AWS_EC2_METADATA_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    printed.out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    printed.err += chunk.toString()
  })
  const ended = new Promise<{ code: number | null; out: string; err: string }>(
    (resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, ...printed }))
    },
  )
  return { kill: () => child.kill('SIGKILL'), ended }
}
