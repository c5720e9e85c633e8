import type { Budget } from '../fleet/fleet.ts'
import type { Sample } from '../measure/sample.ts'

/** What one tenant's devices asked for and got. */
export type TenantFigures = {
  readonly requests: number
  /** Answered with credentials. */
  readonly admitted: number
  /** Answered 429. */
  readonly overBudget: number
  /** Answered in any other way, or not at all. */
  readonly others: number
  /** Per second, over the time from the first request to the last answer. */
  readonly offeredPerSecond: number
  readonly admittedPerSecond: number
}

/** How a noisy tenant was held to its budget, and what a quiet one had to bear. */
export type NoisyTenantFigures = {
  readonly budget: Budget
  readonly noisy: TenantFigures
  readonly quiet: TenantFigures
  /** Requests admitted above burst + rate × time in the worst window there is; below 1 = never. */
  readonly worstExcess: number
  /** The least that must have been admitted for the noisy tenant not to be starved: half its rate. */
  readonly leastAdmitted: number
}

const LEAST_SHARE = 0.5

/** Compares what was admitted with the budget of the noisy tenant. */
export function noisyTenantFigures(
  samples: readonly Sample[],
  budget: Budget,
  slackSeconds: number,
): NoisyTenantFigures {
  const seconds = spanOf(samples)
  const noisy = samples.filter(({ kind }) => kind === 'noisy')
  const quiet = samples.filter(({ kind }) => kind !== 'noisy')
  return {
    budget,
    noisy: figuresOf(noisy, seconds),
    quiet: figuresOf(quiet, seconds),
    worstExcess: worstExcess(noisy.filter(isAdmitted), budget, slackSeconds),
    leastAdmitted: Math.floor(LEAST_SHARE * budget.perSecond * seconds),
  }
}

/**
 * The most that any window admitted above burst + rate × its length. A window goes from one request's sending to another's answer, and
 * what was sent and answered within it was admitted within it: so the bound holds to the letter, however long answers take.
 * `slackSeconds` is how far the clocks of those who admit may differ.
 */
export function worstExcess(
  admitted: readonly Pick<Sample, 'sentAt' | 'endedAt'>[],
  { perSecond, burst }: Budget,
  slackSeconds: number,
): number {
  const requests = admitted
    .toSorted((one, other) => one.endedAt - other.endedAt)
    .map(({ sentAt, endedAt }, place) => ({ sentAt, endedAt, place }))
  const windows = createWindows(requests.length)
  const origin = requests[0]?.endedAt ?? 0 // near all of them, so that no digit is lost
  const worth = (instant: number) => (perSecond * (instant - origin)) / 1000
  let worst = 0
  // From the last sent to the first: at each, those that were added are what was sent from then on.
  for (const { sentAt, endedAt, place } of requests.toSorted(
    (one, other) => other.sentAt - one.sentAt,
  )) {
    windows.add(place, -worth(endedAt))
    worst = Math.max(worst, windows.most() + worth(sentAt) - perSecond * slackSeconds - burst)
  }
  return worst
}

/**
 * Keeps the largest of (added ones up to a place + the value of that place) over all places that were added: a tree over the places, so
 * that a run of many thousand requests is judged at once.
 */
function createWindows(places: number) {
  const leaves = 2 ** Math.ceil(Math.log2(Math.max(places, 1)))
  const counts = new Float64Array(2 * leaves)
  const most = new Float64Array(2 * leaves).fill(Number.NEGATIVE_INFINITY)
  return {
    add: (place: number, value: number) => {
      let node = leaves + place
      counts[node] = 1
      most[node] = 1 + value
      for (node >>= 1; node >= 1; node >>= 1) {
        const [left = 0, right = 0] = counts.subarray(2 * node, 2 * node + 2)
        const [mostLeft = 0, mostRight = 0] = most.subarray(2 * node, 2 * node + 2)
        counts[node] = left + right
        most[node] = Math.max(mostLeft, left + mostRight)
      }
    },
    most: () => most[1] ?? Number.NEGATIVE_INFINITY,
  }
}

function figuresOf(samples: readonly Sample[], seconds: number): TenantFigures {
  const admitted = samples.filter(isAdmitted).length
  const overBudget = samples.filter(({ status }) => status === 429).length
  const others = samples.length - admitted - overBudget
  const perSecond = (count: number) => (seconds > 0 ? count / seconds : 0)
  return {
    ...{ requests: samples.length, admitted, overBudget, others },
    offeredPerSecond: perSecond(samples.length),
    admittedPerSecond: perSecond(admitted),
  }
}

function isAdmitted({ status }: Sample): boolean {
  return status === 200
}

function spanOf(samples: readonly Sample[]): number {
  const first = samples.reduce(
    (least, { sentAt }) => Math.min(least, sentAt),
    Number.POSITIVE_INFINITY,
  )
  const last = samples.reduce((most, { endedAt }) => Math.max(most, endedAt), first)
  return samples.length === 0 ? 0 : (last - first) / 1000
}
