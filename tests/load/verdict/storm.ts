import { type Percentiles, percentilesOf } from '../measure/percentiles.ts'
import type { Sample } from '../measure/sample.ts'

/** How a fleet came back after an outage. */
export type StormFigures = {
  readonly devices: number
  readonly served: number
  /** Connections that were refused while there was no server. */
  readonly refusedConnections: number
  /** Answers 429 and 503. */
  readonly toldToComeBack: number
  /** Attempts made sooner than the answer before them had said. */
  readonly cameTooSoon: number
  /** Milliseconds from the server's return to a device's credentials; absent where there was no outage. */
  readonly servedAfterMs?: Percentiles
}

/** Looks at a storm; `returnedAt` is when the server was there again, in epoch milliseconds. */
export function stormFigures(
  samples: readonly Sample[],
  returnedAt: number | undefined,
): StormFigures {
  const visits = Map.groupBy(samples, ({ arrival }) => arrival)
  const attempts = [...visits.values()]
  const served = samples.filter(({ status }) => status === 200)
  const servedAfterMs =
    returnedAt === undefined
      ? undefined
      : percentilesOf(served.map(({ endedAt }) => Math.max(0, endedAt - returnedAt)))
  return {
    devices: visits.size,
    served: attempts.filter((each) => each.some(({ status }) => status === 200)).length,
    refusedConnections: attempts.reduce(
      (sum, each) => sum + (each.at(-1)?.refusedConnections ?? 0),
      0,
    ),
    toldToComeBack: samples.filter(({ status }) => status === 429 || status === 503).length,
    cameTooSoon: attempts.reduce((sum, each) => sum + tooSoon(each), 0),
    ...(servedAfterMs !== undefined && { servedAfterMs }),
  }
}

function tooSoon(attempts: readonly Sample[]): number {
  const inOrder = attempts.toSorted((one, other) => one.attempt - other.attempt)
  return inOrder.filter(({ sentAt }, index) => {
    const before = inOrder[index - 1]
    const wait = (before?.retryAfterSeconds ?? 0) * 1000
    return before !== undefined && sentAt < before.endedAt + wait
  }).length
}
