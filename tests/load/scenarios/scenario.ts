/** The scenarios, in the order in which `all` runs them. */
export const SCENARIO_NAMES = ['boot', 'steady', 'storm', 'noisy-tenant', 'bad-devices'] as const

/** A scenario. */
export type ScenarioName = (typeof SCENARIO_NAMES)[number]

/** How much load is put on. */
export type Load = {
  /** Good devices of the fleet. */
  readonly devices: number
  /** Devices that come per second, of all kinds. */
  readonly perSecond: number
  /** How long a scenario lasts at least. */
  readonly seconds: number
}

/** How a scenario's devices come. */
export type Arrivals = { readonly count: number; readonly seconds: number }

/** A storm's devices wake within this time. */
const STORM_SECONDS = 1

/**
 * How many devices come, and in which time, evenly spread. *boot* takes longer than asked for where the rate would leave
 * devices out; in a *storm* every device comes once, at once.
 */
export function arrivalsOf(
  scenario: ScenarioName,
  { devices, perSecond, seconds }: Load,
): Arrivals {
  if (scenario === 'storm') return { count: devices, seconds: STORM_SECONDS }
  const needed = scenario === 'boot' ? Math.ceil(devices / perSecond) : 0
  const lasting = Math.max(seconds, needed)
  return { count: Math.max(1, Math.round(perSecond * lasting)), seconds: lasting }
}

/** Which part of the fleet the devices of one place in the pattern come from. */
export type Part = 'good' | 'noisy' | 'bad'

/** Three noisy requests to each quiet one. */
const NOISY_PATTERN: readonly Part[] = ['noisy', 'noisy', 'noisy', 'good']
/** Three in ten have to be refused. */
const BAD_PATTERN: readonly Part[] = [
  ...(['good', 'bad', 'good', 'good', 'bad'] as const),
  ...(['good', 'good', 'bad', 'good', 'good'] as const),
]
const PATTERNS: Readonly<Record<ScenarioName, readonly Part[]>> = {
  boot: ['good'],
  steady: ['good'],
  storm: ['good'],
  'noisy-tenant': NOISY_PATTERN,
  'bad-devices': BAD_PATTERN,
}

/** The part that the arrival of this number (from 0) is of, and how many of that part came before it. */
export function arrivalAt(
  scenario: ScenarioName,
  index: number,
): { readonly part: Part; readonly number: number } {
  const pattern = PATTERNS[scenario]
  const place = index % pattern.length
  const part = pattern[place] ?? 'good'
  const before = pattern.slice(0, place).filter((each) => each === part).length
  const perRound = pattern.filter((each) => each === part).length
  return { part, number: Math.floor(index / pattern.length) * perRound + before }
}

/** The share of a scenario's devices that is of a part: 0 to 1. */
export function shareOf(scenario: ScenarioName, part: Part): number {
  const pattern = PATTERNS[scenario]
  return pattern.filter((each) => each === part).length / pattern.length
}
