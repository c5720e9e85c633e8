import { invokeIssued, pointedAt, type Side, type Sides } from './lambda/build-sides.ts'
import { type LambdaProcess, startLambda } from './lambda/lambda-process.ts'
import { countCalls, type Script } from './world/calls.ts'
import { startUpstream, type Upstream } from './world/upstream.ts'

/** What a fresh process took, in milliseconds. */
export type ColdStart = {
  readonly init: number
  readonly first: number
  /** CPU of the process until its first answer, all threads; NaN where the system does not tell. */
  readonly cpu: number
  /** Bytes. */
  readonly resident: number
}

/** Per side, one entry a round, in the order of the rounds. */
export type BySide<Entry> = ReadonlyMap<string, readonly Entry[]>

/**
 * Starts each side afresh once a round, one after the other, and lets it answer one request.
 * @throws {Error} when a side makes other calls than the recorded ones
 */
export async function measureColdStarts(
  sides: Sides,
  event: string,
  rounds: number,
): Promise<BySide<ColdStart>> {
  const upstream = await startUpstream(sides.recordings, sides.services)
  try {
    const results = new Map<string, ColdStart[]>()
    await eachInTurn(sides, rounds + 1, async (side, round) => {
      const cold = await coldStart(side, sides, { upstream, event })
      // The first round brings the files into the page cache.
      if (round > 0) results.set(side.name, [...(results.get(side.name) ?? []), cold])
    })
    return results
  } finally {
    await upstream.close()
  }
}

type Place = { readonly upstream: Upstream; readonly event: string }

async function coldStart(side: Side, sides: Sides, { upstream, event }: Place): Promise<ColdStart> {
  const before = upstream.calls()
  const lambda = await startLambda(pointedAt(side, upstream.url).function)
  try {
    const first = await invokeIssued(side.name, lambda.invoke, event)
    const made = upstream.calls() - before
    const expected = expectedCalls(side, sides, 'cold')
    if (made !== expected) throw new Error(`${side.name} made ${made} calls, not ${expected}`)
    return {
      init: lambda.initMilliseconds,
      first,
      cpu: lambda.cpuMilliseconds() ?? Number.NaN,
      resident: lambda.residentBytes() ?? Number.NaN,
    }
  } finally {
    await lambda.stop()
  }
}

function expectedCalls(side: Side, { empty, script }: Sides, phase: keyof Script): number {
  return side === empty ? 0 : countCalls(script[phase])
}

/** Every side once a round; who begins changes from round to round, so that none always follows another. */
async function eachInTurn(
  { bare, empty, bundles }: Sides,
  rounds: number,
  measure: (side: Side, round: number) => Promise<void>,
): Promise<void> {
  const all = [bare, ...bundles, empty]
  for (let round = 0; round < rounds; round++) {
    const from = round % all.length
    for (const side of [...all.slice(from), ...all.slice(0, from)]) await measure(side, round)
  }
}

/** How much is invoked. */
export type WarmPlan = {
  /** Processes of each side, one after the other. */
  readonly processes: number
  readonly warmUp: number
  /** Blocks of each process. */
  readonly blocks: number
  readonly invocationsPerBlock: number
}

/** What one warm credential took, mean of a block, in milliseconds. */
export type WarmBlock = { readonly cpu: number; readonly latency: number }

/**
 * Lets one process of each side issue in turns, block by block, and reads the CPU that each process says it has used. A block in which a
 * side refreshed what it remembers for some seconds is measured again: the bare function remembers nothing.
 */
export async function measureWarm(
  sides: Sides,
  event: string,
  plan: WarmPlan,
): Promise<BySide<WarmBlock>> {
  const upstream = await startUpstream(sides.recordings, sides.services)
  const results = new Map<string, WarmBlock[]>()
  try {
    for (let process = 0; process < plan.processes; process++) {
      await measureProcesses(sides, { upstream, event }, { plan, results })
    }
    return results
  } finally {
    await upstream.close()
  }
}

async function measureProcesses(
  sides: Sides,
  place: Place,
  { plan, results }: { readonly plan: WarmPlan; readonly results: Map<string, WarmBlock[]> },
): Promise<void> {
  const running = new Map<string, LambdaProcess>()
  try {
    await eachInTurn(sides, 1, async (side) => {
      const { function: own } = pointedAt(side, place.upstream.url)
      const lambda = await startLambda({ ...own, handler: 'probe.handler' })
      running.set(side.name, lambda)
      for (let each = 0; each < plan.warmUp; each++) {
        await invokeIssued(side.name, lambda.invoke, place.event)
      }
    })
    await eachInTurn(sides, plan.blocks, async (side) => {
      const lambda = running.get(side.name)
      if (lambda === undefined) return
      const block = await plainBlock(side, lambda, { sides, place, plan })
      results.set(side.name, [...(results.get(side.name) ?? []), block])
    })
  } finally {
    await Promise.all([...running.values()].map((lambda) => lambda.stop()))
  }
}

const MOST_TRIES = 6

async function plainBlock(
  side: Side,
  lambda: LambdaProcess,
  measured: { readonly sides: Sides; readonly place: Place; readonly plan: WarmPlan },
): Promise<WarmBlock> {
  const { sides, place, plan } = measured
  const expected = expectedCalls(side, sides, 'warm') * plan.invocationsPerBlock
  let made = 0
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = place.upstream.calls()
    const block = await measureBlock(side, lambda, place.event, plan.invocationsPerBlock)
    made = place.upstream.calls() - before
    if (made === expected) return block
  }
  throw new Error(`${side.name} made ${made} calls in a block instead of ${expected}`)
}

async function measureBlock(
  side: Side,
  lambda: LambdaProcess,
  event: string,
  invocations: number,
): Promise<WarmBlock> {
  const before = await usageOf(lambda)
  let milliseconds = 0
  for (let each = 0; each < invocations; each++) {
    milliseconds += await invokeIssued(side.name, lambda.invoke, event)
  }
  const used = (await usageOf(lambda)) - before
  return { cpu: used / invocations, latency: milliseconds / invocations }
}

/** CPU milliseconds that the process says it has used, user and system. */
async function usageOf(lambda: LambdaProcess): Promise<number> {
  const { body } = await lambda.invoke('{"usage":true}')
  const { user, system }: NodeJS.CpuUsage = JSON.parse(body)
  return (user + system) / 1000
}
