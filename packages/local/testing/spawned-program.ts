import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** A program of this package that runs in a process group of its own. */
export type SpawnedProgram = {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** Sends a signal to the whole group, as a terminal does. */
  readonly signalGroup: (signal: NodeJS.Signals) => void
}

/** Runs `src/<file>` under this very Node. */
export function spawnProgram(file: string, args: readonly string[]): SpawnedProgram {
  const path = new URL(`../src/${file}`, import.meta.url).pathname
  const child = spawn(process.execPath, [path, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      output[stream] += chunk.toString()
    })
  }
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended: once(child, 'close').then(([code]) => code),
    signalGroup: (signal) => process.kill(-child.pid!, signal),
  }
}

/** Ids of all living processes that descend from one. Linux only. */
export function descendantsOf(pid: number): readonly number[] {
  const children = childrenOf(pid)
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

/** Whether a process lives; one that waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    const [state] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? ''
    return state !== 'Z'
  } catch {
    return false
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return text.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
