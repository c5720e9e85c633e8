import { pathToFileURL } from 'node:url'
import { startCommandStandIn } from './command-stand-in.ts'
import { PLATFORM } from './materialise-platform.ts'
import type { App, Job, JobResult } from './program-state.ts'
import { createRecorder, type RecordProgram } from './record-program.ts'

type Work = { readonly directory: string; readonly components: string }

/** How long a program that was rejected may take to end: it may wait for what will not come. */
const GRACE_SECONDS = 5

/**
 * Runs programs one after another in this process, each with components of its own. Leaves names in the global scope and the working directory
 * changed: for a process that does nothing else.
 * @throws what a program was rejected with, when it does not end after that: those after it could not be told apart from it
 */
export async function runPrograms(
  work: Work & { readonly jobs: readonly Job[] },
): Promise<readonly JobResult[]> {
  const command = await startCommandStandIn(work.directory)
  process.env.SST_SERVER = command.address
  const record = createRecorder()
  const rejections: unknown[] = []
  process.on('unhandledRejection', (reason) => rejections.push(reason))
  const run = async (job: Job): Promise<JobResult> => {
    try {
      const state = await runOne(record, job, work)
      if (rejections.length > 0) throw rejections[0]
      return { id: job.id, ok: true, state: { ...state, ...command.take() } }
    } catch (thrown) {
      command.take()
      const error = thrown instanceof Error ? String(thrown.stack) : String(thrown)
      return { id: job.id, ok: false, error }
    }
  }
  const results: JobResult[] = []
  for (const job of work.jobs) {
    rejections.length = 0
    results.push(await endOf(run(job), rejections))
  }
  command.stop()
  return results
}

/** Waits for a program, but not for ever for one that was rejected on its way. */
async function endOf(run: Promise<JobResult>, rejections: readonly unknown[]): Promise<JobResult> {
  let timer: NodeJS.Timeout | undefined
  const stuck = new Promise<never>((_resolve, reject) => {
    let seconds = 0
    timer = setInterval(() => {
      seconds = rejections.length > 0 ? seconds + 1 : 0
      if (seconds >= GRACE_SECONDS) reject(rejections[0])
    }, 1000)
  })
  try {
    return await Promise.race([run, stuck])
  } finally {
    clearInterval(timer)
  }
}

async function runOne(record: RecordProgram, job: Job, { directory, components }: Work) {
  const load = async (file: string) => import(`${pathToFileURL(file).href}?${job.id}`)
  Object.assign(globalThis, { $config: (input: unknown) => input })
  const { default: configuration } = await load(job.configuration)
  const app = await appOf(configuration, job.stage)
  const region = app.providers.aws?.region ?? 'us-east-1'
  process.env.SST_AWS_REGION = region
  const paths = { home: directory, root: job.root, work: directory, platform: PLATFORM }
  const $cli = { command: 'deploy', dev: false, paths, state: { version: {} } }
  Object.assign(globalThis, { $app: app, $dev: false, $cli })
  const recorded = await record({ app: app.name, stage: app.stage, region }, async () => {
    const { run, scope } = await load(components)
    Object.assign(globalThis, scope)
    return run(configuration.run)
  })
  return { app, ...recorded }
}

/** As the command completes what `app()` says. Source: sst 4.17.1, pkg/project/project.go. */
async function appOf(
  configuration: { app: (input: { stage: string }) => Promise<object> },
  stage: string,
): Promise<App> {
  const said = await configuration.app({ stage })
  return { removal: 'retain', protect: false, providers: {}, ...said, stage } as App
}
