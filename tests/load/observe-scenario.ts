import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fleet } from './fleet/fleet.ts'
import { countAudit, markAudit } from './measure/audit-reasons.ts'
import { watchCpu } from './measure/process-cpu.ts'
import { parseSamples } from './measure/sample.ts'
import type { Observation } from './report/summarise.ts'
import { runArtillery, samplesFile } from './scenarios/run-artillery.ts'
import { type Arrivals, arrivalsOf, type Load, type ScenarioName } from './scenarios/scenario.ts'
import type { LocalServer } from './stack/local-server.ts'

/** What scenarios run on. */
export type Ground = {
  readonly load: Load
  readonly fleet: Fleet
  readonly fleetFile: string
  /** Where scripts and samples are put. */
  readonly workDirectory: string
  /** Origin of the device endpoint. */
  readonly url: string
  /** The stack that this run has started; absent for an endpoint that was there. */
  readonly server?: LocalServer
  /** Whether load goes to another machine: then every scenario is held to the rate. */
  readonly isElsewhere: boolean
  /** Ends the run. */
  readonly signal: AbortSignal
}

/** How long the devices meet no gateway, from the first one on. */
const OUTAGE_MS = 2500
const POLL_MS = 50
/** An artillery that has sent no device by then sends none. */
const LONGEST_START_MS = 60_000

/** Runs one scenario and keeps what there is to see. */
export async function observeScenario(name: ScenarioName, ground: Ground): Promise<Observation> {
  const { fleet, server, isElsewhere } = ground
  if (name === 'bad-devices') await untilExpired(ground)
  const arrivals = heldToRate(arrivalsOf(name, ground.load), ground)
  const mark = server === undefined ? 0 : await markAudit(server.auditFile)
  const begun = Date.now()
  const run = await runWatched(name, arrivals, ground)
  const audit = server === undefined ? undefined : await countAudit(server.auditFile, mark)
  const samples = parseSamples(await readFile(samplesFile(ground.workDirectory, name), 'utf8'))
  return {
    ...{ name, arrivals, budget: fleet.budget, samples, ...run },
    frontDoor: { refusesHandshakes: isElsewhere },
    ...(audit !== undefined && { audit }),
    lag: server === undefined ? [] : await readLag(server.lagFile, begun),
  }
}

/** Certificates that expire have to be valid to be registered. */
async function untilExpired({ fleet, signal }: Ground): Promise<void> {
  await sleep(Math.max(0, fleet.expiredFrom - Date.now()), undefined, { signal })
}

/** A storm is at once, but never more than another machine was said to get. */
function heldToRate(arrivals: Arrivals, { load, isElsewhere }: Ground): Arrivals {
  if (!isElsewhere) return arrivals
  return { ...arrivals, seconds: Math.max(arrivals.seconds, arrivals.count / load.perSecond) }
}

async function runWatched(name: ScenarioName, arrivals: Arrivals, ground: Ground) {
  const { server } = ground
  let clients: number | undefined
  const cpu = watchCpu(() => ({ server: server?.pid(), clients }))
  try {
    const isAway = name === 'storm' && server !== undefined
    if (isAway) await server.stop()
    const [artillery, returnedAt] = await Promise.all([
      runArtillery({
        ...{ scenario: name, arrivals, url: ground.url, roleAlias: ground.fleet.roleAlias },
        ...{ fleetFile: ground.fleetFile, directory: ground.workDirectory, signal: ground.signal },
        started: ({ pid }) => {
          clients = pid
        },
      }),
      isAway ? comeBack(server, name, ground) : undefined,
    ])
    return { artillery, cpu: cpu.stop(), ...(returnedAt !== undefined && { returnedAt }) }
  } finally {
    cpu.stop()
  }
}

/** Starts the stack again when the devices have met none for a while; answers when it was there. */
async function comeBack(
  server: LocalServer,
  name: ScenarioName,
  { workDirectory, signal }: Ground,
): Promise<number> {
  // The file is there from the first device on, however long artillery takes until then.
  const until = Date.now() + LONGEST_START_MS
  while (!existsSync(samplesFile(workDirectory, name)) && Date.now() < until) {
    await sleep(POLL_MS, undefined, { signal })
  }
  await sleep(OUTAGE_MS, undefined, { signal })
  await server.start()
  return Date.now()
}

type Lag = { readonly at: number; readonly p99Ms: number }

async function readLag(path: string, from: number): Promise<readonly Lag[]> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  lines.pop() // empty, or torn
  return lines.map((line): Lag => JSON.parse(line)).filter(({ at }) => at >= from)
}
