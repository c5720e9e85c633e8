import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Path of the program that users run. */
export const COMMAND = fileURLToPath(
  new URL('../../packages/cli/bin/thingpass.mjs', import.meta.url),
)

/** What a program printed, and how it ended. */
export type Printed = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs `thingpass` as a process of its own, with nothing of this process's environment but the path. */
export function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Printed> {
  return runNode([COMMAND, ...args], environment)
}

/** Runs this very Node in the same bare environment. */
export async function runNode(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Printed> {
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    printed.out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    printed.err += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...printed }
}
