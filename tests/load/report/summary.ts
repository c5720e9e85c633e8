import type { Percentiles } from '../measure/percentiles.ts'
import type { CpuPoint } from '../measure/process-cpu.ts'
import type { ConnectionKind } from '../measure/sample.ts'
import type { SeriesPoint } from '../measure/time-series.ts'
import type { ArtilleryCounts } from '../scenarios/run-artillery.ts'
import type { ScenarioName } from '../scenarios/scenario.ts'
import type { NoisyTenantFigures } from '../verdict/noisy-tenant.ts'
import type { StormFigures } from '../verdict/storm.ts'
import type { Threshold } from '../verdict/thresholds.ts'

/** An instant worth a line in a plot. */
export type Mark = { readonly second: number; readonly label: string }

/** Some of a scenario's requests, told apart from the others. */
export type Group = {
  readonly name: string
  readonly requests: number
  readonly answerMs?: Percentiles
  readonly sessionMs?: Percentiles
}

/** What a scenario has shown. Seconds count from its first device. */
export type ScenarioSummary = {
  readonly name: ScenarioName
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly arrivals: number
  readonly arrivalSeconds: number
  readonly seconds: number
  /** Different devices that came. */
  readonly devices: number
  /** By status, and failures by code. */
  readonly answers: Readonly<Record<string, number>>
  /** Refusals by true reason and failures by code, from the audit file; absent for a deployment. */
  readonly reasons?: Readonly<Record<string, number>>
  readonly connections: Readonly<Partial<Record<ConnectionKind, number>>>
  readonly answerMs?: Percentiles
  readonly sessionMs?: Percentiles
  /** Empty where there is but one. */
  readonly groups: readonly Group[]
  readonly artillery: ArtilleryCounts
  readonly bucketSeconds: number
  readonly series: readonly SeriesPoint[]
  readonly cpu: readonly (Omit<CpuPoint, 'at'> & { readonly second: number })[]
  /** How late the event loop of the local stack was. */
  readonly lag: readonly { readonly second: number; readonly p99Ms: number }[]
  readonly marks: readonly Mark[]
  readonly noisyTenant?: NoisyTenantFigures
  readonly storm?: StormFigures
  readonly thresholds: readonly Threshold[]
}

/** A whole run, for machines; the report is made of it. */
export type LoadSummary = {
  readonly version: 1
  /** ISO 8601, UTC. */
  readonly madeAt: string
  readonly command: string
  readonly target: string
  /** Whether clients and server shared one machine. */
  readonly sharesMachine: boolean
  readonly devices: number
  readonly perSecond: number
  readonly machine: { readonly cores: number; readonly model: string; readonly platform: string }
  readonly versions: { readonly node: string; readonly artillery: string }
  readonly scenarios: readonly ScenarioSummary[]
  readonly pass: boolean
}

/** Whether every threshold of every scenario held, and there was one. */
export function passes(scenarios: readonly Pick<ScenarioSummary, 'thresholds'>[]): boolean {
  const holds = ({ thresholds }: Pick<ScenarioSummary, 'thresholds'>) =>
    thresholds.length > 0 && thresholds.every(({ pass }) => pass)
  return scenarios.length > 0 && scenarios.every(holds)
}
