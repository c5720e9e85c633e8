import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchSettings } from './bench-settings.ts'
import { buildSides } from './lambda/build-sides.ts'
import { findRuntimeClient } from './lambda/find-runtime-client.ts'
import { lambdaRows } from './lambda-rows.ts'
import type { Row } from './row.ts'
import { describeRounds } from './world/calls.ts'
import { startWorld, type World } from './world/start-world.ts'

/** The results with what they were measured on. */
export type BenchResults = {
  readonly rows: readonly Row[]
  /** Lines about the run: runtime client, calls of a request, sizes. */
  readonly remarks: readonly string[]
}

/** Runs the sections that the settings name; `say` takes lines about progress. */
export async function runBench(
  settings: BenchSettings,
  say: (line: string) => void,
): Promise<BenchResults> {
  const folder = await mkdtemp(join(tmpdir(), 'thingpass-bench-'))
  const world = await startWorld()
  try {
    return await runLambda(settings, { world, folder, say })
  } finally {
    await world.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

type Surroundings = {
  readonly world: World
  readonly folder: string
  readonly say: (line: string) => void
}

async function runLambda(
  settings: BenchSettings,
  { world, folder, say }: Surroundings,
): Promise<BenchResults> {
  const client = await findRuntimeClient(say)
  const sides = await buildSides({
    ...{ mains: settings.bundles, world, folder },
    runtimeClient: client.script,
  })
  const event = JSON.stringify(world.event)
  const rows = await lambdaRows({ sides, event, settings, say })
  const sizes = [...sides.bundles, sides.bare].map(
    ({ name, bundleBytes, gzipBytes }) =>
      `${name} ${Math.round(bundleBytes / 1024)} KB (${Math.round(gzipBytes / 1024)} KB gzip)`,
  )
  return {
    rows,
    remarks: [
      `Runtime client: ${client.name}.`,
      `Calls of a first request: ${describeRounds(sides.script.cold)}.`,
      `Calls of a later one: ${describeRounds(sides.script.warm)}.`,
      `Bundles: ${sizes.join(', ')}.`,
    ],
  }
}
