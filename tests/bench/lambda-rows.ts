import type { BenchSettings } from './bench-settings.ts'
import { type BySide, measureColdStarts, measureWarm, type WarmPlan } from './cold-and-warm.ts'
import type { Side, Sides } from './lambda/build-sides.ts'
import { comparison, type Row } from './row.ts'
import type { Pair } from './statistics.ts'

/** What is measured of the function, and how it is told of. */
export type LambdaMeasurement = {
  readonly sides: Sides
  readonly event: string
  readonly settings: Pick<BenchSettings, 'only' | 'quick'>
  readonly say: (line: string) => void
}

const COLD_ROUNDS = { full: 40, quick: 12 }
const WARM: Record<'full' | 'quick', WarmPlan> = {
  full: { processes: 3, warmUp: 400, blocks: 20, invocationsPerBlock: 50 },
  quick: { processes: 1, warmUp: 300, blocks: 10, invocationsPerBlock: 40 },
}

/** Limits of the deployed function, and the goals that were set for it; other bundles stand beside it for comparison. */
const LIMITS = { cold: { limit: 1.1, goal: 0.6 }, warm: { limit: 1.2, goal: 0.35 } }

/** Sections a and b. */
export async function lambdaRows(measurement: LambdaMeasurement): Promise<readonly Row[]> {
  const { sides, event, settings, say } = measurement
  const pace = settings.quick ? 'quick' : 'full'
  const rows: Row[] = []
  if (settings.only.includes('a')) {
    say(`a: ${COLD_ROUNDS[pace]} fresh processes of each function`)
    const starts = await measureColdStarts(sides, event, COLD_ROUNDS[pace])
    for (const side of sides.bundles) rows.push(...coldRows(side, sides, starts))
    const floor = pairsOf(starts, sides.empty, ({ init, first }) => init + first)
    rows.push(
      comparison({ section: 'a', unit: 'ms', what: 'cold: a function that does nothing' }, floor),
    )
  }
  if (settings.only.includes('b')) {
    const { processes, blocks, invocationsPerBlock } = WARM[pace]
    say(
      `b: ${processes * blocks} blocks of ${invocationsPerBlock} warm credentials of each function`,
    )
    const warm = await measureWarm(sides, event, WARM[pace])
    for (const side of sides.bundles) rows.push(...warmRows(side, sides, warm))
    const floor = pairsOf(warm, sides.empty, ({ cpu }) => cpu)
    rows.push(
      comparison({ section: 'b', unit: 'ms', what: 'warm: a function that does nothing' }, floor),
    )
  }
  return rows
}

type ColdStarts = Awaited<ReturnType<typeof measureColdStarts>>

function coldRows(side: Side, sides: Sides, starts: ColdStarts): readonly Row[] {
  const line = { section: 'a', unit: 'ms' } as const
  const { name } = side
  return [
    ...judged(
      'cold',
      { ...line, what: `cold: INIT and first credential, ${name}` },
      {
        pairs: pairsOf(starts, side, ({ init, first }) => init + first),
        isDeployed: side === sides.bundles[0],
      },
    ),
    comparison(
      { ...line, what: `cold: INIT, ${name}` },
      pairsOf(starts, side, ({ init }) => init),
    ),
    comparison(
      { ...line, what: `cold: first credential, ${name}` },
      pairsOf(starts, side, ({ first }) => first),
    ),
    comparison(
      { ...line, what: `cold: CPU, ${name}` },
      pairsOf(starts, side, ({ cpu }) => cpu),
    ),
    comparison(
      { ...line, unit: 'MB', what: `memory after the first credential, ${name}` },
      pairsOf(starts, side, ({ resident }) => resident / 1e6),
    ),
  ]
}

type Warm = Awaited<ReturnType<typeof measureWarm>>

function warmRows(side: Side, sides: Sides, warm: Warm): readonly Row[] {
  const line = { section: 'b', unit: 'ms' } as const
  return [
    ...judged(
      'warm',
      { ...line, what: `warm: CPU of a credential, ${side.name}` },
      {
        pairs: pairsOf(warm, side, ({ cpu }) => cpu),
        isDeployed: side === sides.bundles[0],
      },
    ),
    comparison(
      { ...line, what: `warm: latency, ${side.name}` },
      pairsOf(warm, side, ({ latency }) => latency),
    ),
  ]
}

/** The line that a bundle is judged by; the deployed one has a limit, and once more its goal. */
function judged(
  phase: keyof typeof LIMITS,
  line: Pick<Row, 'section' | 'unit' | 'what'>,
  { pairs, isDeployed }: { readonly pairs: readonly Pair[]; readonly isDeployed: boolean },
): readonly Row[] {
  if (!isDeployed) return [comparison(line, pairs)]
  const { limit, goal } = LIMITS[phase]
  return [
    comparison({ ...line, limit: { kind: 'atMost', value: limit } }, pairs),
    comparison(
      { ...line, what: `${line.what}: goal`, limit: { kind: 'atMost', value: goal, goal: true } },
      pairs,
    ),
  ]
}

/** Entries of one round belong together. */
function pairsOf<Entry>(
  results: BySide<Entry>,
  side: Side,
  read: (entry: Entry) => number,
): readonly Pair[] {
  const base = results.get('bare') ?? []
  return (results.get(side.name) ?? []).map((entry, round) => ({
    ours: read(entry),
    base: read(base[round] as Entry),
  }))
}
