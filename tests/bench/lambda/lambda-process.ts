import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { type Invoked, startRuntimeApi } from './runtime-api.ts'

/** A function's code and what its process is started with. */
export type LambdaFunction = {
  /** Folder that holds the code. */
  readonly folder: string
  /** `<file>.<export>`, as in Lambda's configuration. */
  readonly handler: string
  readonly environment: Readonly<Record<string, string>>
  /** The runtime client: a script for Node that takes the handler as its argument. */
  readonly runtimeClient: string
  /** More arguments for Node, such as those of its profiler. */
  readonly nodeArguments?: readonly string[]
}

/** A running function. */
export type LambdaProcess = {
  /** From starting the process to its first request for an event. */
  readonly initMilliseconds: number
  readonly invoke: (event: string) => Promise<Invoked>
  /** CPU that the whole process has used so far, all threads; undefined where the system does not tell. */
  readonly cpuMilliseconds: () => number | undefined
  /** Resident memory in bytes; undefined where the system does not tell. */
  readonly residentBytes: () => number | undefined
  /** Ends it; `SIGKILL` unless asked otherwise. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>
}

const INIT_WITHIN_MS = 20_000

/**
 * Starts a function in a process of its own and waits for the end of its initialisation. Lines that it writes are read and dropped.
 * @throws {Error} with what the process said last when it ends or stays silent
 */
export async function startLambda(settings: LambdaFunction): Promise<LambdaProcess> {
  const api = await startRuntimeApi()
  const begun = performance.now()
  const child = spawn(
    process.execPath,
    [...(settings.nodeArguments ?? []), settings.runtimeClient, settings.handler],
    {
      cwd: settings.folder,
      env: { ...lambdaEnvironment(settings, api.address), ...settings.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let said = ''
  child.stdout.resume()
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-1_000)
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.once('exit', () => api.abort(`the function's process has ended: ${said}`))
  const timer = setTimeout(() => api.abort('the function does not initialise'), INIT_WITHIN_MS)
  const stop = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    child.kill(signal)
    await ended
    await api.close()
  }
  try {
    await api.ready
  } catch (failure) {
    await stop()
    throw failure
  } finally {
    clearTimeout(timer)
  }
  const initMilliseconds = performance.now() - begun
  return {
    initMilliseconds,
    invoke: api.invoke,
    cpuMilliseconds: () => cpuOf(child.pid),
    residentBytes: () => residentOf(child.pid),
    stop,
  }
}

/** What Lambda sets itself. Nothing of the caller's environment goes on, above all no access keys. */
function lambdaEnvironment(
  { folder, handler }: LambdaFunction,
  address: string,
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    AWS_LAMBDA_RUNTIME_API: address,
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: folder,
    AWS_LAMBDA_FUNCTION_NAME: 'credentials',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/credentials',
    AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
    TZ: ':UTC',
  }
}

/** Nanoseconds on a CPU are the first word of each thread's schedstat. Source: Linux, Documentation/scheduler/sched-stats. */
function cpuOf(pid: number | undefined): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const nanoseconds = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    )
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6
  } catch {
    return undefined
  }
}

function residentOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}
