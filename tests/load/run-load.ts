import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { arch, platform, release } from 'node:os'
import { join, resolve } from 'node:path'
import type { LoadSettings } from './command-line.ts'
import { installTools } from './install-tools.ts'
import { makeRemoteFleet } from './make-remote-fleet.ts'
import { describeMachine } from './measure/process-cpu.ts'
import { observeScenario } from './observe-scenario.ts'
import { openGround } from './open-ground.ts'
import { renderReport } from './report/render-report.ts'
import { summarise } from './report/summarise.ts'
import { type LoadSummary, passes, type ScenarioSummary } from './report/summary.ts'

/** What a run is given beside its settings. */
export type LoadIo = {
  /** As it would be typed again. */
  readonly command: string
  readonly environment: Readonly<NodeJS.ProcessEnv>
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** Runs the scenarios one after the other and writes report and summary. Answers whether every threshold held. */
export async function runLoad(settings: LoadSettings, io: LoadIo): Promise<boolean> {
  const { say } = io
  const { endpoint, fleetDirectory } = settings
  if (endpoint?.control !== undefined && fleetDirectory !== undefined) {
    const { control, ...place } = endpoint
    await makeRemoteFleet({ ...settings, fleetDirectory }, { ...place, control }, io)
    return true
  }
  await installTools(import.meta.dirname, io.environment, say)
  const ground = await openGround(settings, io)
  try {
    const scenarios: ScenarioSummary[] = []
    for (const name of settings.scenarios) {
      io.signal.throwIfAborted()
      say(`${name} …`)
      const summary = summarise(await observeScenario(name, ground))
      scenarios.push(summary)
      for (const line of linesOf(summary)) say(line)
    }
    const summary = await summaryOf(settings, io, scenarios)
    await writeReport(settings.outDirectory, summary, say)
    return summary.pass
  } finally {
    await ground.close(settings.outDirectory)
  }
}

/** A scenario in a few lines: what did not hold, or that all did. */
function linesOf({ thresholds, answers }: ScenarioSummary): readonly string[] {
  const failed = thresholds.filter(({ pass }) => !pass)
  const counts = Object.entries(answers).map(([answer, count]) => `${count} × ${answer}`)
  return [
    `  ${failed.length === 0 ? 'PASS' : 'FAIL'}  ${counts.join(', ')}`,
    ...failed.map(
      ({ name, required, measured }) => `        ${name}: ${measured} (required ${required})`,
    ),
  ]
}

async function summaryOf(
  { devices, perSecond, endpoint }: LoadSettings,
  { command }: LoadIo,
  scenarios: readonly ScenarioSummary[],
): Promise<LoadSummary> {
  const tool = join(import.meta.dirname, 'node_modules/artillery/package.json')
  const { version } = JSON.parse(await readFile(tool, 'utf8')) as { readonly version: string }
  return {
    ...{ version: 1, madeAt: new Date().toISOString(), command, devices, perSecond, scenarios },
    target: endpoint === undefined ? 'a local stack' : endpoint.url.origin,
    sharesMachine: endpoint === undefined || endpoint.isLocal,
    machine: { ...describeMachine(), platform: `${platform()} ${release()} ${arch()}` },
    versions: { node: process.versions.node, artillery: version },
    pass: passes(scenarios),
  }
}

async function writeReport(
  outDirectory: string,
  summary: LoadSummary,
  say: (line: string) => void,
): Promise<void> {
  const folder = resolve(outDirectory)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`)
  await writeFile(join(folder, 'report.html'), renderReport(summary))
  say(`${summary.pass ? 'PASS' : 'FAIL'}  ${join(folder, 'report.html')}`)
}
