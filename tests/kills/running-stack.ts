import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A local stack in a process group of its own. */
export type RunningStack = {
  readonly controlUrl: string
  readonly dynamodbUrl: string
  /** Kills the stack's own process, or every process of its group, the engine among them. */
  readonly kill: (what: 'handler' | 'everything') => Promise<void>
}

const STACK = fileURLToPath(new URL('stack.main.ts', import.meta.url))

/** Starts a stack on a data directory; with a URL, over an engine that lives elsewhere. */
export async function startStackProcess(
  dataDir: string,
  dynamodbUrl: string | undefined,
): Promise<RunningStack> {
  const engine = dynamodbUrl === undefined ? [] : ['--dynamodb', dynamodbUrl]
  const child = spawn(
    process.execPath,
    [STACK, '--port', '0', '--data-dir', dataDir, '--quiet', ...engine],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = once(child, 'exit')
  const killGroup = () => killQuietly(-pidOf(child))
  process.once('exit', killGroup)
  const urls = JSON.parse(await firstLine(child))
  return {
    ...urls,
    kill: async (what) => {
      if (what === 'everything') killGroup()
      else child.kill('SIGKILL')
      await ended
      killGroup() // what a handler's end should have ended by itself
      process.off('exit', killGroup)
    },
  }
}

/** @throws with the last words of a process that ends instead */
async function firstLine(child: ChildProcess): Promise<string> {
  const words = { out: '', err: '' }
  child.stderr?.on('data', (chunk: Buffer) => {
    words.err += String(chunk)
  })
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the stack did not start: ${words.err}`)))
    child.stdout?.on('data', (chunk: Buffer) => {
      words.out += String(chunk)
      const [line, rest] = words.out.split('\n')
      if (line !== undefined && rest !== undefined) resolve(line)
    })
  })
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the stack was not started')
  return pid
}

/** A group that has ended already cannot be killed. */
function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return
  }
}
