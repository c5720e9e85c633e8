import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('invoke-function.main.ts', import.meta.url))

/** What a deployed function wrote and answered. */
export type DeployedRun = {
  readonly out: string
  readonly err: string
  /** Undefined where the function threw. */
  readonly status: number | undefined
  readonly body: string
}

/** Runs a deployed function once, in a process of its own, as Lambda would, against services that the environment names. */
export async function runDeployed(
  name: 'credentials' | 'authorizer' | 'control',
  event: object,
  { file, environment }: { file: string; environment: Readonly<Record<string, string>> },
): Promise<DeployedRun> {
  const child = spawn(process.execPath, [PROGRAM, name, file], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const printed = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    printed.out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    printed.err += chunk.toString()
  })
  child.stdin.end(JSON.stringify([event]))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the function ended with ${String(code)}: ${printed.err}`)
  const [answer] = JSON.parse(await readFile(file, 'utf8'))
  return { ...printed, status: answer?.statusCode, body: JSON.stringify(answer) }
}
