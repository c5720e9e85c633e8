import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { startCommandStandIn } from './command-stand-in.ts'
import { PLATFORM } from './materialise-platform.ts'
import type { App, Job, JobResult, ProgramState, Resource } from './program-state.ts'
import { providerStandIns } from './provider-stand-ins.ts'

const require = createRequire(path.join(PLATFORM, 'package.json'))

/**
 * Pulumi reads the source of dynamic providers with TypeScript's own parser, which TypeScript 7 has no more, and brings an older one for where there
 * is none: that one, whatever is installed beside it.
 */
function loadPulumi() {
  const entry = require.resolve('@pulumi/pulumi')
  const pulumiRequire = createRequire(entry)
  const vendored = path.join(path.dirname(entry), 'vendor/typescript@3.8.3/typescript.js')
  const installed = pulumiRequire.resolve('typescript')
  pulumiRequire.cache[installed] = {
    ...(pulumiRequire.cache[installed] ?? new (require('node:module'))(installed)),
    loaded: true,
    get exports() {
      return pulumiRequire(vendored)
    },
  }
  return {
    pulumi: pulumiRequire('@pulumi/pulumi'),
    mocks: pulumiRequire('@pulumi/pulumi/runtime/mocks.js'),
    rpc: pulumiRequire('@pulumi/pulumi/runtime/rpc.js'),
    state: pulumiRequire('@pulumi/pulumi/runtime/state.js'),
  }
}

/**
 * Runs programs one after another in this process, each with components of its own. Leaves names in the global scope and the working directory
 * changed: for a process that does nothing else.
 */
export async function runPrograms(work: {
  readonly directory: string
  readonly components: string
  readonly jobs: readonly Job[]
}): Promise<readonly JobResult[]> {
  const command = await startCommandStandIn(work.directory)
  process.env.SST_SERVER = command.address
  const loaded = loadPulumi()
  const recording = recordResources(loaded)
  const results: JobResult[] = []
  let rejected: unknown
  process.on('unhandledRejection', (reason) => {
    rejected ??= reason
  })
  for (const [index, job] of work.jobs.entries()) {
    rejected = undefined
    try {
      const { app, outputs, resources } = await runOne(loaded, recording, { ...work, job, index })
      if (rejected !== undefined) throw rejected
      results.push({
        id: job.id,
        ok: true,
        state: { app, resources, outputs, ...command.take() },
      })
    } catch (error) {
      command.take()
      results.push({
        id: job.id,
        ok: false,
        error: error instanceof Error ? String(error.stack) : String(error),
      })
    }
  }
  command.stop()
  return results
}

type Loaded = ReturnType<typeof loadPulumi>
type Recording = ReturnType<typeof recordResources>

async function runOne(
  { pulumi, state }: Loaded,
  recording: Recording,
  {
    job,
    index,
    components,
    directory,
  }: { job: Job; index: number; components: string; directory: string },
): Promise<Pick<ProgramState, 'app' | 'outputs' | 'resources'>> {
  Object.assign(globalThis, { $config: (input: unknown) => input })
  const configuration = (await import(`${pathToFileURL(job.configuration).href}?${index}`)).default
  const app = await appOf(configuration, job.stage)
  const region = app.providers.aws?.region ?? 'us-east-1'
  process.env.SST_AWS_REGION = region
  Object.assign(globalThis, {
    $app: app,
    $dev: false,
    $cli: {
      command: 'deploy',
      dev: false,
      paths: { home: directory, root: job.root, work: directory, platform: PLATFORM },
      state: { version: {} },
    },
  })
  state.setStackResource?.(undefined)
  await pulumi.runtime.setMocks(
    providerStandIns(region),
    app.name,
    app.stage,
    false,
    'organization',
  )
  recording.start()
  const { run, scope } = await import(`${pathToFileURL(components).href}?${index}`)
  Object.assign(globalThis, scope)
  const outputs = await pulumi.runtime.runInPulumiStack(() => run(configuration.run))
  await pulumi.runtime.disconnect()
  const resources = (await plain(recording.take())) as readonly Resource[]
  return { app, resources, outputs: (await plain(outputs ?? {})) as ProgramState['outputs'] }
}

/** As the command completes what `app()` says. Source: sst 4.17.1, pkg/project/project.go. */
async function appOf(
  configuration: { app: (input: { stage: string }) => Promise<object> },
  stage: string,
): Promise<App> {
  const said = await configuration.app({ stage })
  return { removal: 'retain', protect: false, providers: {}, ...said, stage } as App
}

/** Pulumi's mocks see neither parent nor options of a resource, so requests are read on their way to them. */
function recordResources({ mocks, rpc }: Loaded) {
  let resources: Record<string, unknown>[] = []
  const prototype = mocks.MockMonitor.prototype
  const { registerResource, registerResourceOutputs } = prototype
  prototype.registerResource = function (request: never, callback: never) {
    const record = recordOf(request, rpc.deserializeProperties)
    resources.push(record)
    const answered = (error: unknown, answer: { getUrn: () => string } | undefined) => {
      if (answer) record.urn = answer.getUrn()
      ;(callback as (...results: unknown[]) => void)(error, answer)
    }
    return registerResource.call(this, request, answered)
  }
  prototype.registerResourceOutputs = function (
    request: { getUrn: () => string; getOutputs: () => unknown },
    callback: never,
  ) {
    const record = resources.find(({ urn }) => urn === request.getUrn())
    if (record) record.outputs = rpc.deserializeProperties(request.getOutputs())
    return registerResourceOutputs.call(this, request, callback)
  }
  return {
    start: () => {
      resources = []
    },
    take: () => {
      const keyOf = ({ type, name }: Record<string, unknown>) => `${type} ${name}`
      return resources.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    },
  }
}

type RegisterRequest = Readonly<Record<`get${string}`, () => unknown>>

function recordOf(
  request: RegisterRequest,
  deserialize: (object: unknown) => unknown,
): Record<string, unknown> {
  return {
    type: request.getType?.(),
    name: request.getName?.(),
    custom: request.getCustom?.(),
    parent: request.getParent?.() || undefined,
    inputs: deserialize(request.getObject?.()),
    protect: request.getProtect?.() || undefined,
    retainOnDelete: request.getRetainondelete?.() || undefined,
    ignoreChanges: request.getIgnorechangesList?.(),
    dependencies: request.getDependenciesList?.(),
  }
}

/** Key and value by which Pulumi marks a secret. Source: @pulumi/pulumi runtime/rpc.js. */
const SIGNATURE = '4dabf18193072939515e22adb298388d'
const SECRET = '1b47061264138c4ac30d75fd1eb44270'

/** The value as JSON has it: outputs awaited, secrets opened, assets by their path. */
async function plain(value: unknown): Promise<unknown> {
  const settled = await value
  if (Array.isArray(settled)) return Promise.all(settled.map(plain))
  if (typeof settled !== 'object' || settled === null) return settled
  const members = settled as Record<string, unknown>
  if (members[SIGNATURE] === SECRET) return plain(members.value)
  if (members.__pulumiOutput === true) {
    return plain((settled as unknown as { promise: () => Promise<unknown> }).promise())
  }
  if (members.__pulumiAsset || members.__pulumiArchive) return { asset: String(await members.path) }
  const entries = Object.entries(members).map(async ([key, each]) => [key, await plain(each)])
  return Object.fromEntries(await Promise.all(entries))
}
