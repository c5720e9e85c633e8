import type { Budget } from '../fleet/fleet.ts'
import type { AuditCounts } from '../measure/audit-reasons.ts'
import { percentilesOf } from '../measure/percentiles.ts'
import type { CpuPoint } from '../measure/process-cpu.ts'
import type { Sample } from '../measure/sample.ts'
import {
  answerTimes,
  countAnswers,
  countBy,
  sessionTimes,
  timeSeriesOf,
} from '../measure/time-series.ts'
import type { ArtilleryCounts } from '../scenarios/run-artillery.ts'
import type { Arrivals, ScenarioName } from '../scenarios/scenario.ts'
import type { FrontDoor } from '../verdict/expected-answer.ts'
import { noisyTenantFigures } from '../verdict/noisy-tenant.ts'
import { stormFigures } from '../verdict/storm.ts'
import { judge } from '../verdict/thresholds.ts'
import type { Group, Mark, ScenarioSummary } from './summary.ts'

/** What was seen of a scenario, with instants in epoch milliseconds. */
export type Observation = {
  readonly name: ScenarioName
  readonly arrivals: Arrivals
  readonly budget: Budget
  readonly frontDoor: FrontDoor
  readonly samples: readonly Sample[]
  readonly artillery: ArtilleryCounts
  readonly audit?: AuditCounts
  readonly cpu: readonly CpuPoint[]
  readonly lag: readonly { readonly at: number; readonly p99Ms: number }[]
  /** When the local stack was back from an outage; absent where it was not away. */
  readonly returnedAt?: number
}

/** Clocks of functions on several machines differ; a process has one, of whole milliseconds. */
const SLACK_SECONDS = { elsewhere: 1, local: 0.01 } as const
/** What was measured just before the first device and just after the last is shown, too. */
const MARGIN_SECONDS = 1

/** Makes of what was seen what is reported, and judges it. */
export function summarise(seen: Observation): ScenarioSummary {
  const { name, arrivals, samples, artillery, audit, cpu, lag } = seen
  const { origin, bucketSeconds, points } = timeSeriesOf(samples)
  const seconds = points.length * bucketSeconds
  const timed = <Point extends { readonly at: number }>(all: readonly Point[]) =>
    all
      .map(({ at, ...point }) => ({ second: (at - origin) / 1000, ...point }))
      .filter(({ second }) => second >= -MARGIN_SECONDS && second <= seconds + MARGIN_SECONDS)
  const figures = figuresOf(seen)
  return {
    ...{ name, startedAt: new Date(origin).toISOString(), seconds },
    ...{ arrivals: arrivals.count, arrivalSeconds: arrivals.seconds },
    devices: new Set(samples.map(({ device }) => device)).size,
    answers: countAnswers(samples),
    ...(audit !== undefined && { reasons: audit.reasons }),
    connections: countBy(
      samples.filter(({ connection }) => connection !== undefined),
      ({ connection }) => String(connection),
    ),
    ...timesOf(samples),
    groups: groupsOf(name, samples),
    ...{ artillery, bucketSeconds, series: points, cpu: timed(cpu), lag: timed(lag) },
    marks: marksOf(seen, origin),
    ...figures,
    thresholds: judge({ ...seen, scenario: name, arrivals: arrivals.count, ...figures }),
  }
}

function figuresOf({ name, samples, budget, frontDoor, returnedAt }: Observation) {
  const slack = frontDoor.refusesHandshakes ? SLACK_SECONDS.elsewhere : SLACK_SECONDS.local
  return {
    ...(name === 'noisy-tenant' && { noisyTenant: noisyTenantFigures(samples, budget, slack) }),
    ...(name === 'storm' && { storm: stormFigures(samples, returnedAt) }),
  }
}

function timesOf(samples: readonly Sample[]): Pick<Group, 'answerMs' | 'sessionMs'> {
  const answerMs = percentilesOf(answerTimes(samples))
  const sessionMs = percentilesOf(sessionTimes(samples))
  return {
    ...(answerMs !== undefined && { answerMs }),
    ...(sessionMs !== undefined && { sessionMs }),
  }
}

const CONNECTION_NAMES = {
  full: 'full handshake',
  resumed: 'resumed session',
  kept: 'kept connection',
} as const

/** By which the requests of a scenario are told apart, where they are. */
const GROUP_NAMES: Readonly<Partial<Record<ScenarioName, (sample: Sample) => string>>> = {
  steady: ({ connection }) =>
    connection === undefined ? 'no connection' : CONNECTION_NAMES[connection],
  'noisy-tenant': ({ kind, status }) =>
    kind === 'noisy' ? `noisy tenant, ${status ?? 'no answer'}` : 'quiet tenant',
  'bad-devices': ({ kind }) => kind,
}

function groupsOf(name: ScenarioName, samples: readonly Sample[]): readonly Group[] {
  const nameOf = GROUP_NAMES[name]
  if (nameOf === undefined) return []
  return [...Map.groupBy(samples, nameOf)]
    .map(([group, members]) => ({ name: group, requests: members.length, ...timesOf(members) }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

function marksOf({ returnedAt }: Observation, origin: number): readonly Mark[] {
  if (returnedAt === undefined) return []
  return [{ second: (returnedAt - origin) / 1000, label: 'gateway is back' }]
}
