import { pathToFileURL } from 'node:url'
import { startCommandStandIn } from './command-stand-in.ts'
import { PLATFORM } from './materialise-platform.ts'
import type { App, Job, JobResult } from './program-state.ts'
import { createRecorder, type RecordProgram } from './record-program.ts'

type Work = { readonly directory: string; readonly components: string }

/**
 * Runs programs one after another in this process, each with components of its own. Leaves names in the global scope and the working directory
 * changed: for a process that does nothing else.
 */
export async function runPrograms(
  work: Work & { readonly jobs: readonly Job[] },
): Promise<readonly JobResult[]> {
  const command = await startCommandStandIn(work.directory)
  process.env.SST_SERVER = command.address
  const record = createRecorder()
  const rejections: unknown[] = []
  process.on('unhandledRejection', (reason) => rejections.push(reason))
  const results: JobResult[] = []
  for (const job of work.jobs) {
    rejections.length = 0
    try {
      const state = await runOne(record, job, work)
      if (rejections.length > 0) throw rejections[0]
      results.push({ id: job.id, ok: true, state: { ...state, ...command.take() } })
    } catch (thrown) {
      command.take()
      const error = thrown instanceof Error ? String(thrown.stack) : String(thrown)
      results.push({ id: job.id, ok: false, error })
    }
  }
  command.stop()
  return results
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
