import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchSettings } from './bench-settings.ts'
import { computeRows } from './compute-rows.ts'
import { gatewayRows } from './gateway-rows.ts'
import { buildSides, type Sides } from './lambda/build-sides.ts'
import { findRuntimeClient } from './lambda/find-runtime-client.ts'
import { lambdaRows } from './lambda-rows.ts'
import type { Row } from './row.ts'
import { tableRows } from './table-rows.ts'
import { describeRounds } from './world/calls.ts'
import { startWorld, type World } from './world/start-world.ts'

/** The results with what they were measured on. */
export type BenchResults = {
  readonly rows: readonly Row[]
  /** Lines about the run: runtime client, calls of a request, sizes. */
  readonly remarks: readonly string[]
}

type Say = (line: string) => void

const SIZES = { quick: [1_000, 10_000], full: [1_000, 10_000, 100_000], million: 1_000_000 }

/** Runs the sections that the settings name; `say` takes lines about progress. */
export async function runBench(settings: BenchSettings, say: Say): Promise<BenchResults> {
  const { only, quick } = settings
  const needsWorld = only.some((section) => 'abef'.includes(section))
  const around = needsWorld ? await withWorld(settings, say) : { rows: [], remarks: [] }
  const rows: Row[] = [...around.rows]
  if (only.includes('c')) {
    say('c: decisions')
    rows.push(...(await computeRows('decisions', quick)))
  }
  if (only.includes('d')) {
    say('d: renderings')
    rows.push(...(await computeRows('renderings', quick)))
  }
  rows.sort((one, other) => one.section.localeCompare(other.section))
  return { rows, remarks: around.remarks }
}

async function withWorld(settings: BenchSettings, say: Say): Promise<BenchResults> {
  const folder = await mkdtemp(join(tmpdir(), 'thingpass-bench-'))
  const world = await startWorld()
  try {
    const client = await findRuntimeClient(say)
    const sides = await buildSides({
      ...{ mains: settings.bundles, world, folder },
      runtimeClient: client.script,
    })
    const rows = await worldRows(settings, { sides, world, folder, say })
    return { rows, remarks: [`Runtime client: ${client.name}.`, ...remarksOn(sides)] }
  } finally {
    await world.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

type Surroundings = {
  readonly sides: Sides
  readonly world: World
  readonly folder: string
  readonly say: Say
}

async function worldRows(
  settings: BenchSettings,
  { sides, world, folder, say }: Surroundings,
): Promise<readonly Row[]> {
  const { only, quick, million } = settings
  const event = JSON.stringify(world.event)
  const rows = [...(await lambdaRows({ sides, event, settings, say }))]
  if (only.includes('e')) rows.push(...(await gatewayRows({ sides, pki: world.pki, quick, say })))
  const [side] = sides.bundles
  if (only.includes('f') && side !== undefined) {
    const sizes = [...(quick ? SIZES.quick : SIZES.full), ...(million ? [SIZES.million] : [])]
    rows.push(...(await tableRows({ side, world, folder, sizes, say })))
  }
  return rows
}

function remarksOn({ bundles, bare, script }: Sides): readonly string[] {
  const sizes = [...bundles, bare].map(
    ({ name, bundleBytes, gzipBytes }) =>
      `${name} ${Math.round(bundleBytes / 1024)} KB (${Math.round(gzipBytes / 1024)} KB gzip)`,
  )
  return [
    `Calls of a first request: ${describeRounds(script.cold)}.`,
    `Calls of a later one: ${describeRounds(script.warm)}.`,
    `Bundles: ${sizes.join(', ')}.`,
  ]
}
