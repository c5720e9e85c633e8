import type { IncomingMessage } from 'node:http'
import type { Agent } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fleet, FleetDevice } from '../fleet/fleet.ts'
import type { Sample } from '../measure/sample.ts'
import { arrivalAt, type ScenarioName } from '../scenarios/scenario.ts'
import { createConnectionLog, type Events } from './connection-log.ts'
import { createDeviceAgents, type DeviceAgents } from './device-agents.ts'

/** What artillery keeps of a virtual user, as far as it is used here. */
export type VirtualUser = { _httpsAgent?: Agent; device?: Visit }

/** What artillery is about to send. */
export type OutgoingRequest = {
  /** Artillery's name for this one request. */
  readonly uuid: string
  headers?: Record<string, string>
  https?: Record<string, unknown>
}

/** An answer as artillery hands it on: got has put its timings on it. */
export type Answer = Pick<IncomingMessage, 'statusCode' | 'headers' | 'socket'> & {
  readonly timings?: { readonly phases: { readonly firstByte?: number } }
}

type Next = (error?: unknown) => void

/** The functions that a script names; artillery calls them for each virtual user. */
export type DeviceFlow = {
  readonly wake: (user: VirtualUser) => Promise<void>
  readonly present: (
    request: OutgoingRequest,
    user: VirtualUser,
    events: Events,
    next: Next,
  ) => void
  readonly answered: (
    request: OutgoingRequest,
    answer: Answer,
    user: VirtualUser,
    events: unknown,
    next: Next,
  ) => void
  readonly failed: (
    error: NodeJS.ErrnoException,
    request: OutgoingRequest,
    user: VirtualUser,
    events: unknown,
    next: Next,
  ) => void
  readonly waitAsTold: (user: VirtualUser) => Promise<void>
  readonly isToTryAgain: (user: VirtualUser, next: (again: boolean) => void) => void
}

/** What a flow is made with. */
export type DeviceFlowParts = {
  readonly fleet: Fleet
  readonly scenario: ScenarioName
  readonly record: (sample: Sample) => void
  /** Epoch milliseconds, with fractions. */
  readonly now: () => number
  /** 0 to 1. */
  readonly random: () => number
  readonly sleep?: (milliseconds: number) => Promise<unknown>
}

type Visit = {
  readonly arrival: number
  readonly device: FleetDevice
  readonly wokeAt: number
  attempt: number
  sentAt: number
  refusedConnections: number
  /** What the last attempt was answered; undefined while one is under way. */
  last?: Sample
}

/** Attempts of a device that is told to come back; a storm is over long before. */
const MOST_ATTEMPTS = 50
/** Added to what the server said, so that those who were refused together do not come back together. */
const JITTER_MS = 500

/** Makes what devices do: each virtual user is the next device of the scenario's pattern, with its own certificate. */
export function createDeviceFlow(parts: DeviceFlowParts): DeviceFlow {
  const { fleet, scenario, now, random } = parts
  const pick = createPick(fleet, scenario)
  const agents = createDeviceAgents(fleet.devices.length, random)
  const connections = createConnectionLog(agents.connectionOf)
  const pause = parts.sleep ?? sleep
  let arrivals = 0
  const end = (visit: Visit, seen: Partial<Sample>) => {
    const sample = sampleOf(visit, now(), seen)
    visit.last = sample
    parts.record(sample)
  }
  return {
    wake: async (user) => {
      const arrival = arrivals++
      const visit: Visit = {
        ...{ arrival, device: pick(arrival), wokeAt: now(), attempt: 0, sentAt: 0 },
        refusedConnections: 0,
      }
      user.device = visit
      user._httpsAgent = agentFor(scenario, visit, agents)
    },
    present: (request, user, events, next) => {
      connections.watch(events)
      const visit = visitOf(user)
      visit.attempt += 1
      visit.sentAt = now()
      delete visit.last
      show(request, visit.device, fleet.serverCaPem)
      next()
    },
    answered: (request, answer, user, _events, next) => {
      end(visitOf(user), { ...seenIn(answer), ...connections.take(request.uuid) })
      next()
    },
    failed: (error, _request, user, _events, next) => {
      const visit = visitOf(user)
      // Artillery tells of one failure twice: as an event and as a rejection.
      if (visit.last === undefined) end(visit, { error: error.code ?? error.name })
      next()
    },
    waitAsTold: async (user) => {
      const { last } = visitOf(user)
      if (!isToComeBack(last)) return
      await pause((last.retryAfterSeconds ?? 1) * 1000 + random() * JITTER_MS)
    },
    isToTryAgain: (user, next) => {
      const { last, attempt } = visitOf(user)
      next(isToComeBack(last) && attempt < MOST_ATTEMPTS)
    },
  }
}

function createPick(fleet: Fleet, scenario: ScenarioName): (arrival: number) => FleetDevice {
  const parts = {
    good: fleet.devices.filter(({ kind }) => kind === 'good'),
    noisy: fleet.devices.filter(({ kind }) => kind === 'noisy'),
    bad: fleet.devices.filter(({ kind }) => kind !== 'good' && kind !== 'noisy'),
  }
  return (arrival) => {
    const { part, number } = arrivalAt(scenario, arrival)
    const device = parts[part][number % parts[part].length]
    if (device === undefined) throw new Error(`the fleet has no ${part} device`)
    return device
  }
}

/** In *steady* every other device keeps its connection; the rest close it and resume their session. */
function agentFor(scenario: ScenarioName, visit: Visit, agents: DeviceAgents): Agent {
  if (scenario === 'steady') return numberOf(visit.device) % 2 === 0 ? agents.kept : agents.resuming
  if (scenario !== 'storm') return agents.cold()
  return agents.patient(() => {
    visit.refusedConnections += 1
  })
}

function numberOf({ name }: FleetDevice): number {
  return Number(name.split('-').at(-1))
}

/** Shows the device's certificate: PEM texts under got's names, which are the only ones that artillery's HTTP engine hands on. */
function show(
  request: OutgoingRequest,
  device: FleetDevice,
  serverCaPem: string | undefined,
): void {
  request.https = {
    certificate: device.certificatePem,
    key: device.privateKeyPem,
    ...(serverCaPem !== undefined && { certificateAuthority: serverCaPem }),
  }
  request.headers = { ...request.headers, 'x-amzn-iot-thingname': device.thingName }
}

function seenIn({ statusCode, headers, timings }: Answer): Partial<Sample> {
  const answerMs = timings?.phases.firstByte
  const retryAfter = headers['retry-after']
  return {
    ...(statusCode !== undefined && { status: statusCode }),
    ...(answerMs !== undefined && { answerMs }),
    ...(retryAfter !== undefined && { retryAfterSeconds: Number(retryAfter) }),
  }
}

function sampleOf(visit: Visit, endedAt: number, seen: Partial<Sample>): Sample {
  const { arrival, device, attempt, wokeAt, sentAt, refusedConnections } = visit
  const { kind, tenantId, name } = device
  return {
    ...{ arrival, kind, device: name, tenantId, attempt },
    ...{ wokeAt, sentAt, endedAt, refusedConnections },
    ...seen,
  }
}

function isToComeBack(last: Sample | undefined): last is Sample {
  return last?.status === 429 || last?.status === 503
}

function visitOf({ device }: VirtualUser): Visit {
  if (device === undefined) throw new Error('a virtual user has not woken')
  return device
}
