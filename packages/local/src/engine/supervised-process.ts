import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs a program under a shell that holds the other end of this process's pipe. However this process ends, also by `kill -9`,
 * the pipe closes, and the shell kills the program: no orphan is left. SIGTERM to the shell is passed on. SIGINT and SIGHUP, which a
 * terminal sends to the whole group, are left to this process to act on (a program that catches them may act, too).
 */
const GUARD = `
trap '' INT HUP
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{ read -r _; kill -KILL "$program"; } <&3 2>/dev/null &
watch=$!
trap 'kill -TERM "$program" 2>/dev/null' TERM
wait "$program"
status=$?
while kill -0 "$program" 2>/dev/null; do wait "$program"; status=$?; done
kill "$watch" 2>/dev/null
exit "$status"
`

const STOP_GRACE_MS = 3_000
/** Enough for the program's last words; more is dropped. */
const MAX_WORDS = 4_096

/** A program that lives no longer than this process. */
export type SupervisedProcess = {
  /** Settles when the program has ended, with the last line that it wrote to stderr. */
  readonly ended: Promise<string>
  /** Asks the program to stop, and makes it stop when it does not. */
  readonly stop: () => Promise<void>
}

/** Starts a program that ends with this process. `program` is an absolute path. */
export function superviseProcess(program: string, args: readonly string[]): SupervisedProcess {
  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', program, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const words = collectWords(child)
  const ended = once(child, 'exit').then(
    () => words(),
    (error: Error) => error.message,
  )
  return { ended, stop: () => stop(child, ended) }
}

function collectWords(child: ChildProcess): () => string {
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    words = `${words}${chunk.toString()}`.slice(-MAX_WORDS)
  })
  return () => words.trim().split('\n').at(-1) ?? ''
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.stdin?.destroy(), STOP_GRACE_MS)
  await ended
  clearTimeout(timer)
}
