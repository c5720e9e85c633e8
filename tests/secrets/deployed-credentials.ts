import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('invoke-credentials.main.ts', import.meta.url))

/** What the deployed credentials function wrote and answered. */
export type DeployedRun = {
  readonly out: string
  readonly err: string
  readonly answers: readonly { readonly statusCode: number; readonly body: string }[]
}

/** Runs the deployed credentials function in a process of its own, as Lambda would, against services that the environment names. */
export async function runDeployedCredentials(
  events: readonly object[],
  { file, environment }: { file: string; environment: Readonly<Record<string, string>> },
): Promise<DeployedRun> {
  const child = spawn(process.execPath, [PROGRAM, file], {
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
  child.stdin.end(JSON.stringify(events))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the function ended with ${String(code)}: ${printed.err}`)
  return { ...printed, answers: JSON.parse(await readFile(file, 'utf8')) }
}
