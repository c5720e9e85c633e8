import { spawnSync } from 'node:child_process'
import { createServer } from 'node:net'

/** Whether a program answers when asked for its version. */
export function hasProgram(program: string, flag: string): boolean {
  return spawnSync(program, [flag], { stdio: 'ignore' }).status === 0
}

/** Whether this user may listen on a loopback port, and nobody else does. */
export function canListenOn(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Says on standard error what was left out, and why. */
export function leftOut(what: string, why: string): void {
  process.stderr.write(`left out: ${what}: ${why}\n`)
}
