import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundleFunction } from '../../infra/bundle-function.ts'
import { assumeRoleInput, type Rounds, requireSameCalls, type Script } from '../world/calls.ts'
import type { World } from '../world/start-world.ts'
import { type Recordings, type Services, startUpstream } from '../world/upstream.ts'
import { type LambdaFunction, startLambda } from './lambda-process.ts'

/** A function that takes part in the comparison. */
export type Side = {
  /** `bare`, `empty`, or the name of the file that was bundled. */
  readonly name: string
  readonly function: LambdaFunction
  readonly bundleBytes: number
  readonly gzipBytes: number
}

/** The measured functions, the bare one beside them, and what answers their calls. */
export type Sides = {
  readonly bare: Side
  /** Makes no calls. */
  readonly empty: Side
  /** One per bundle, in the order given. */
  readonly bundles: readonly Side[]
  readonly script: Script
  readonly recordings: Recordings
  readonly services: Services
}

/** What the sides are built from. */
export type SidesToBuild = {
  /** `*.main.ts` files, from the root. The first one's calls are those that all must make. */
  readonly mains: readonly string[]
  readonly world: World
  readonly folder: string
  readonly runtimeClient: string
}

/** Answers are held back this long while calls are recorded, so that those under way together show as one round. */
const ROUND_MS = 30
const BARE = 'tests/bench/lambda/bare.main.ts'
const EMPTY = 'tests/bench/lambda/empty.main.ts'

/** The bundle behind a door that also tells how much CPU its process has used. */
const PROBE = `import { handler as bundled } from './bundle.mjs'
export const handler = (event, context) => event.usage ? process.cpuUsage() : bundled(event, context)
`

/**
 * Bundles every function with SST's options, records the calls that each makes, and gives the bare one the same to make.
 * @throws {Error} when one of them makes other calls than the first: no ratio would mean anything
 */
export async function buildSides(build: SidesToBuild): Promise<Sides> {
  const recordings: Recordings = new Map()
  const bundles = await Promise.all(build.mains.map((main) => bundleSide(main, build)))
  const scripts: Script[] = []
  for (const side of bundles) scripts.push(await recordScript(side, build.world, recordings))
  const [script] = scripts
  if (script === undefined) throw new Error('nothing to measure')
  const calls = { cold: script.cold.map(inputsOf), warm: script.warm.map(inputsOf) }
  const bare = withEnvironment(await bundleSide(BARE, build), {
    BENCH_CALLS: JSON.stringify(calls),
  })
  scripts.push(await recordScript(bare, build.world, recordings))
  for (const [index, each] of scripts.entries()) {
    requireSameCalls(script, each, [...bundles, bare][index]?.name ?? '')
  }
  const empty = await bundleSide(EMPTY, build)
  return { bare, empty, bundles, script, recordings, services: build.world }
}

async function bundleSide(main: string, build: SidesToBuild): Promise<Side> {
  const name = basename(main).replace(/\.main\.ts$/, '')
  const folder = join(build.folder, name)
  const code = await bundleFunction(main)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'bundle.mjs'), code)
  await writeFile(join(folder, 'probe.mjs'), PROBE)
  const { environment } = build.world
  const { runtimeClient } = build
  return {
    name,
    function: { folder, handler: 'bundle.handler', environment, runtimeClient },
    bundleBytes: Buffer.byteLength(code),
    gzipBytes: gzipSync(code).byteLength,
  }
}

/** The side with more in its environment. */
export function withEnvironment(side: Side, more: Readonly<Record<string, string>>): Side {
  const environment = { ...side.function.environment, ...more }
  return { ...side, function: { ...side.function, environment } }
}

/** The side with its calls going to an upstream, by the variables that AWS's SDKs know. */
export function pointedAt(side: Side, url: string): Side {
  return withEnvironment(side, {
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_STS: url,
  })
}

async function recordScript(side: Side, world: World, recordings: Recordings): Promise<Script> {
  const upstream = await startUpstream(recordings, world, ROUND_MS)
  const lambda = await startLambda(pointedAt(side, upstream.url).function)
  const roundsOfRequest = async () => {
    await invokeIssued(side.name, lambda.invoke, JSON.stringify(world.event))
    return upstream.takeRounds()
  }
  try {
    const cold = await roundsOfRequest()
    await roundsOfRequest() // the issuer is known from the second on
    return { cold, warm: await roundsOfRequest() }
  } finally {
    await lambda.stop()
    await upstream.close()
  }
}

/**
 * One invocation that must give credentials.
 * @throws {Error} when it does not; the answer is told only when it has none
 */
export async function invokeIssued(
  name: string,
  invoke: (event: string) => Promise<{ ok: boolean; body: string; milliseconds: number }>,
  event: string,
): Promise<number> {
  const { ok, body, milliseconds } = await invoke(event)
  if (ok && body.includes('"statusCode":200')) return milliseconds
  throw new Error(`${name} gave no credentials: ${body.slice(0, 300)}`)
}

function inputsOf(round: Rounds[number]) {
  return round.map(({ operation, body }) => ({
    operation,
    input: operation === 'AssumeRole' ? assumeRoleInput(body) : JSON.parse(body),
  }))
}
