import { type Load, type ScenarioName, shareOf } from '../scenarios/scenario.ts'
import { type ControlPlace, createControlClient } from './control-client.ts'
import type { Budget, Fleet } from './fleet.ts'
import { readFleet, writeFleet } from './fleet-directory.ts'
import { registerFleet } from './register-fleet.ts'

/** Where a fleet is made. */
export type FleetPlace = {
  readonly control: ControlPlace
  readonly roleArn: string
  readonly trustTenant: (tenantId: string, externalId: string) => Promise<void>
  /** Authority of the device endpoint's certificate; absent = those that Node knows. */
  readonly serverCaPem?: string
}

/** What a fleet has to be good for, and where it is made if there is none. */
export type FleetWish = Load & {
  readonly scenarios: readonly ScenarioName[]
  /** Absent = it has to be there. */
  readonly place?: FleetPlace
}

/** Registrations at one time; the local stack works off no more. */
const CONCURRENCY = 8

/** Takes the fleet that the directory has, or makes one and keeps it there. Rejects where neither will do. */
export async function keepFleet(
  directory: string,
  wish: FleetWish,
  say: (line: string) => void,
): Promise<Fleet> {
  const kept = await readFleet(directory)
  if (kept !== undefined) return fitting(kept, wish)
  if (wish.place === undefined) {
    throw new Error(`${directory} holds no fleet; --control and --role make one there`)
  }
  const begun = performance.now()
  const fleet = await makeFleet(wish, wish.place)
  await writeFleet(directory, fleet)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  say(`${fleet.devices.length} devices registered in ${seconds} s`)
  return fleet
}

async function makeFleet(wish: FleetWish, place: FleetPlace): Promise<Fleet> {
  const { roleArn, trustTenant, serverCaPem } = place
  const control = createControlClient(place.control, CONCURRENCY)
  try {
    const fleet = await registerFleet({
      ...{ control, roleArn, trustTenant, concurrency: CONCURRENCY },
      ...{ devices: wish.devices, budget: budgetFor(wish) },
    })
    return { ...fleet, ...(serverCaPem !== undefined && { serverCaPem }) }
  } finally {
    control.close()
  }
}

/** An eighth of all visits: the noisy tenant, with three quarters of them, asks for six times what it may have. */
const BUDGET_SHARE = 1 / 8
const SLOWEST_BUDGET = 0.1
/** From this on a budget is leased ahead, as those of real tenants are. */
const SMALLEST_BURST = 8

/** The noisy tenant's budget in a fleet for this load. */
export function budgetFor({ perSecond }: Pick<Load, 'perSecond'>): Budget {
  const rate = Math.max(SLOWEST_BUDGET, perSecond * BUDGET_SHARE)
  return { perSecond: rate, burst: Math.max(SMALLEST_BURST, Math.ceil(2 * rate)) }
}

/** How many times over its budget the noisy tenant has to be for the scenario to show anything. */
const LEAST_EXCESS = 2

/** A kept fleet must have enough devices, and a budget that the noisy tenant exceeds. */
function fitting(fleet: Fleet, { devices, perSecond, scenarios }: FleetWish): Fleet {
  const there = fleet.devices.filter(({ kind }) => kind === 'good').length
  if (there < devices) throw new Error(`the kept fleet has only ${there} devices`)
  const least = (LEAST_EXCESS * fleet.budget.perSecond) / shareOf('noisy-tenant', 'noisy')
  if (scenarios.includes('noisy-tenant') && perSecond < least) {
    throw new Error(
      `the kept fleet's noisy tenant is over its budget from --rate ${Math.ceil(least)} on`,
    )
  }
  return fleet
}
