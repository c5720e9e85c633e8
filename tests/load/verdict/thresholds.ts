import type { AuditCounts } from '../measure/audit-reasons.ts'
import type { Sample } from '../measure/sample.ts'
import { countBy } from '../measure/time-series.ts'
import type { ArtilleryCounts } from '../scenarios/run-artillery.ts'
import type { ScenarioName } from '../scenarios/scenario.ts'
import { type FrontDoor, isExpected, REASON_OF_KIND } from './expected-answer.ts'
import type { NoisyTenantFigures } from './noisy-tenant.ts'
import type { StormFigures } from './storm.ts'

/** Something that has to hold, and whether it did. Never how long something took: machines differ. */
export type Threshold = {
  readonly name: string
  readonly required: string
  readonly measured: string
  readonly pass: boolean
}

/** What a scenario is judged by. */
export type Evidence = {
  readonly scenario: ScenarioName
  /** Devices that were to come. */
  readonly arrivals: number
  readonly samples: readonly Sample[]
  readonly artillery: ArtilleryCounts
  readonly frontDoor: FrontDoor
  /** Absent where the audit file cannot be read: another machine's. */
  readonly audit?: AuditCounts
  readonly noisyTenant?: NoisyTenantFigures
  readonly storm?: StormFigures
}

/** Judges a scenario. */
export function judge(evidence: Evidence): readonly Threshold[] {
  return [...common(evidence), ...PARTICULAR[evidence.scenario](evidence)]
}

function common({ arrivals, samples, artillery, scenario, frontDoor, audit }: Evidence) {
  const unexpected = samples.filter((sample) => !isExpected(sample, scenario, frontDoor))
  const answered = samples.filter(({ status }) => status !== undefined).length
  return [
    exactly('devices that came', arrivals, artillery.created),
    exactly('answers that artillery counted', answered, artillery.responses),
    none('unexpected answers and failures', unexpected.length, describe(unexpected)),
    ...(audit === undefined ? [] : [exactly('audit records', answered, audit.records)]),
  ]
}

const PARTICULAR: Readonly<Record<ScenarioName, (evidence: Evidence) => readonly Threshold[]>> = {
  boot: ({ samples }) => [
    none('connections without a full handshake', samples.filter(isNotFull).length),
  ],
  steady: () => [],
  storm: ({ storm }) => (storm === undefined ? [] : stormThresholds(storm)),
  'noisy-tenant': ({ noisyTenant }) =>
    noisyTenant === undefined ? [] : noisyThresholds(noisyTenant),
  'bad-devices': badDeviceThresholds,
}

function isNotFull({ connection }: Sample): boolean {
  return connection !== undefined && connection !== 'full'
}

function stormThresholds(storm: StormFigures): readonly Threshold[] {
  const met = storm.servedAfterMs !== undefined
  return [
    none('devices that were never served', storm.devices - storm.served),
    none('devices that came back sooner than told', storm.cameTooSoon),
    ...(met ? [some('connections refused during the outage', storm.refusedConnections)] : []),
  ]
}

function noisyThresholds(figures: NoisyTenantFigures): readonly Threshold[] {
  const { noisy, quiet, budget, worstExcess, leastAdmitted } = figures
  const rule = `≤ ${budget.burst} + ${budget.perSecond}/s × time`
  const shown =
    worstExcess < 1
      ? `${noisy.admitted} in all, no window above`
      : `${Math.floor(worstExcess)} above`
  return [
    {
      name: 'noisy tenant: admitted in every window',
      required: rule,
      measured: shown,
      pass: worstExcess < 1,
    },
    some('noisy tenant: refused with 429', noisy.overBudget),
    {
      name: 'noisy tenant: admitted at least half its rate',
      required: `≥ ${leastAdmitted}`,
      measured: String(noisy.admitted),
      pass: noisy.admitted >= leastAdmitted,
    },
    none('quiet tenant: refused with 429', quiet.overBudget),
    none('quiet tenant: otherwise not served', quiet.others),
  ]
}

function badDeviceThresholds({ samples, audit }: Evidence): readonly Threshold[] {
  const bad = samples.filter(({ kind }) => kind in REASON_OF_KIND)
  const served = bad.filter(({ status }) => status === 200)
  return [
    none('bad devices that got credentials', served.length, describe(served)),
    some('bad devices that were refused', bad.length - served.length),
    ...(audit === undefined ? [] : [reasonsThreshold(bad, audit)]),
  ]
}

/** Each refusal for the reason that its device was made for, and none for another. */
function reasonsThreshold(bad: readonly Sample[], { reasons }: AuditCounts): Threshold {
  const wanted = countBy(bad, ({ kind }) => Reflect.get(REASON_OF_KIND, kind))
  const text = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([reason, count]) => `${reason} ${count}`)
      .toSorted()
      .join(', ')
  return {
    name: 'refusals by true reason',
    required: text(wanted),
    measured: text(reasons),
    pass: text(wanted) === text(reasons),
  }
}

function describe(samples: readonly Sample[]): string {
  const kinds = countBy(samples, ({ kind, status, error }) => `${kind} ${status ?? error}`)
  return Object.entries(kinds)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ')
}

function exactly(name: string, required: number, measured: number): Threshold {
  return {
    name,
    required: String(required),
    measured: String(measured),
    pass: measured === required,
  }
}

function none(name: string, measured: number, what = ''): Threshold {
  const shown = what === '' ? String(measured) : `${measured}: ${what}`
  return { name, required: '0', measured: shown, pass: measured === 0 }
}

function some(name: string, measured: number): Threshold {
  return { name, required: '> 0', measured: String(measured), pass: measured > 0 }
}
