import type { NoisyTenantFigures } from '../verdict/noisy-tenant.ts'
import type { StormFigures } from '../verdict/storm.ts'
import { formatMs, formatNumber } from './format-number.ts'
import type { ScenarioSummary } from './summary.ts'

/** What a scenario's figures say, in sentences. */
export function describeScenario(scenario: ScenarioSummary): string {
  const { name, storm, noisyTenant } = scenario
  return [
    describeVisits(scenario),
    ...(name === 'steady' ? [describeConnections(scenario)] : []),
    ...(storm === undefined ? [] : [describeStorm(storm)]),
    ...(noisyTenant === undefined ? [] : [describeTenants(noisyTenant)]),
  ].join(' ')
}

function describeVisits({ arrivals, arrivalSeconds, devices, startedAt }: ScenarioSummary): string {
  const visits = `${formatNumber(arrivals)} visits of ${formatNumber(devices)} devices`
  return `${visits} in ${formatNumber(arrivalSeconds)} s, from ${startedAt}.`
}

function describeConnections({ connections }: ScenarioSummary): string {
  const { full = 0, resumed = 0, kept = 0 } = connections
  const all = full + resumed + kept
  const share = (count: number) => `${all === 0 ? 0 : Math.round((count / all) * 100)} %`
  return `Of the requests ${share(kept)} went over a connection that was kept, ${share(resumed)} over one that resumed its TLS session, ${share(full)} over one with a full handshake.`
}

function describeStorm({
  refusedConnections,
  toldToComeBack,
  servedAfterMs,
}: StormFigures): string {
  const told = `${formatNumber(toldToComeBack)} requests were told to come back.`
  if (servedAfterMs === undefined) return told
  const { p50, p95, max } = servedAfterMs
  const served = `half of the devices were served after ${formatMs(p50)}, 95 % after ${formatMs(p95)}, the last after ${formatMs(max)}`
  return `${formatNumber(refusedConnections)} connections were refused. From the gateway’s return on, ${served}, the pauses included that they had drawn. ${told}`
}

function describeTenants({ noisy, quiet, budget }: NoisyTenantFigures): string {
  const rate = (value: number) => `${formatNumber(value)}/s`
  const ofNoisy = `The noisy tenant may have ${rate(budget.perSecond)} and a burst of ${budget.burst}, asked for ${rate(noisy.offeredPerSecond)} and was admitted ${rate(noisy.admittedPerSecond)}.`
  return `${ofNoisy} The quiet one asked for ${rate(quiet.offeredPerSecond)} and was admitted ${rate(quiet.admittedPerSecond)}.`
}
