import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Arrivals, ScenarioName } from './scenario.ts'

/** One run of artillery. */
export type ArtilleryRun = {
  readonly scenario: ScenarioName
  readonly arrivals: Arrivals
  /** Origin of the device endpoint. */
  readonly url: string
  readonly roleAlias: string
  readonly fleetFile: string
  /** Where script, samples and report are put. */
  readonly directory: string
  /** Told once the process runs. */
  readonly started: (process: ChildProcess) => void
  /** Ends it before its time. */
  readonly signal: AbortSignal
}

/** What artillery itself counted. */
export type ArtilleryCounts = {
  readonly created: number
  readonly completed: number
  readonly responses: number
  /** Milliseconds from a virtual user's start to its end, handshake included; absent when none completed. */
  readonly sessionLength?: { readonly p50: number; readonly p95: number; readonly p99: number }
}

const PACKAGE = join(import.meta.dirname, '..')
const ARTILLERY = join(PACKAGE, 'node_modules/artillery/bin/run')
const PROCESSOR = join(PACKAGE, 'devices/device-flow.main.mjs')
const TIMEOUT_SECONDS = 15

/** Runs a scenario to its end. The samples are in `<directory>/<scenario>.samples.jsonl`. */
export async function runArtillery(run: ArtilleryRun): Promise<ArtilleryCounts> {
  const script = join(run.directory, `${run.scenario}.script.json`)
  const report = join(run.directory, `${run.scenario}.artillery.json`)
  await writeFile(script, JSON.stringify(scriptOf(run)))
  const child = spawn(process.execPath, [ARTILLERY, 'run', script, '--output', report, '--quiet'], {
    // Nothing else of the environment: no proxy, no keys; and nothing is told to artillery's makers.
    env: {
      PATH: process.env.PATH,
      HOME: run.directory,
      ARTILLERY_DISABLE_TELEMETRY: 'true',
      LOAD_FLEET: run.fleetFile,
      LOAD_SCENARIO: run.scenario,
      LOAD_SAMPLES: samplesFile(run.directory, run.scenario),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: run.signal,
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  run.started(child)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`artillery ended with ${code}: ${complaints.slice(0, 2000)}`)
  return countsOf(JSON.parse(await readFile(report, 'utf8')))
}

/** Where the devices of a scenario write what they saw. */
export function samplesFile(directory: string, scenario: ScenarioName): string {
  return join(directory, `${scenario}.samples.jsonl`)
}

/** The script: devices that ask once, or in a storm until they are served. One worker runs it, for only then is each device met in turn. */
export function scriptOf(
  run: Pick<ArtilleryRun, 'scenario' | 'arrivals' | 'url' | 'roleAlias'>,
): object {
  const get = {
    url: `/role-aliases/${run.roleAlias}/credentials`,
    beforeRequest: 'present',
    afterResponse: 'answered',
    followRedirect: false,
  }
  const again = { loop: [{ get }, { function: 'waitAsTold' }], whileTrue: 'isToTryAgain' }
  return {
    config: {
      target: run.url,
      processor: PROCESSOR,
      http: { timeout: TIMEOUT_SECONDS },
      phases: [{ duration: run.arrivals.seconds, arrivalCount: run.arrivals.count }],
    },
    scenarios: [
      {
        name: run.scenario,
        beforeScenario: 'wake',
        onError: 'failed',
        flow: run.scenario === 'storm' ? [again] : [{ get }],
      },
    ],
  }
}

type ArtilleryReport = {
  readonly aggregate: {
    readonly counters: Partial<Readonly<Record<string, number>>>
    readonly summaries?: Readonly<
      Record<string, { readonly p50: number; readonly p95: number; readonly p99: number }>
    >
  }
}

function countsOf({ aggregate: { counters, summaries } }: ArtilleryReport): ArtilleryCounts {
  const length = summaries?.['vusers.session_length']
  return {
    created: counters['vusers.created'] ?? 0,
    completed: counters['vusers.completed'] ?? 0,
    responses: counters['http.responses'] ?? 0,
    ...(length !== undefined && {
      sessionLength: { p50: length.p50, p95: length.p95, p99: length.p99 },
    }),
  }
}
