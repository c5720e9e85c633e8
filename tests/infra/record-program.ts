import { createRequire } from 'node:module'
import path from 'node:path'
import { PLATFORM } from './materialise-platform.ts'
import type { ProgramState, Resource } from './program-state.ts'
import { providerStandIns } from './provider-stand-ins.ts'

/** What a program registered and returned. */
export type Recorded = Pick<ProgramState, 'outputs' | 'resources'>

/** Runs a program against stand-ins of the providers, and records it. One at a time. */
export type RecordProgram = (
  where: { readonly app: string; readonly stage: string; readonly region: string },
  program: () => Promise<unknown>,
) => Promise<Recorded>

/** Readies this process for programs: one instance of Pulumi, whose requests are read on their way. */
export function createRecorder(): RecordProgram {
  const loaded = loadPulumi()
  const recording = recordResources(loaded)
  const { pulumi, state } = loaded
  return async ({ app, stage, region }, program) => {
    state.setStackResource?.(undefined) // of the program before
    await pulumi.runtime.setMocks(providerStandIns(region), app, stage, false, 'organization')
    recording.start()
    const outputs = await pulumi.runtime.runInPulumiStack(program)
    await pulumi.runtime.disconnect()
    return {
      resources: (await plain(recording.take())) as readonly Resource[],
      outputs: (await plain(outputs ?? {})) as ProgramState['outputs'],
    }
  }
}

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

type Loaded = ReturnType<typeof loadPulumi>

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
