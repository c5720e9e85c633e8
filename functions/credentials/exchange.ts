import { authenticate } from '@thingpass/core/authenticate'
import { decide } from '@thingpass/core/decide'
import type { Decision, Grant } from '@thingpass/core/decision'
import type { Facts } from '@thingpass/core/facts'
import { auditRefusal } from '@thingpass/core/policy/audit-trace'
import type { IssueCredentials, SessionRequest, TakeFromBudget } from '@thingpass/core/ports'
import type { RefusalReason } from '@thingpass/core/refusal'
import type { CredentialRequest, Deployment } from '@thingpass/core/request'
import type { DeviceRequest } from '../front-door/device-request.ts'
import {
  type IdentifyPorts,
  identifyDevice,
  type PresentedDevice,
  servesHost,
} from '../identity/identify-device.ts'
import { type ReadDevicePorts, readDevice } from '../identity/read-device.ts'
import type { Journal } from './journal.ts'
import { noteRefusal } from './note-refusal.ts'
import type { Outcome } from './outcome.ts'

/** What an exchange needs from outside. */
export type ExchangePorts = IdentifyPorts &
  ReadDevicePorts & {
    readonly takeFromBudget: TakeFromBudget
    readonly issueCredentials: IssueCredentials
    readonly settings: ExchangeSettings
  }

/** How a deployment answers. */
export type ExchangeSettings = IdentifyPorts['settings'] & {
  readonly deployment: Deployment
  /** The longest session of the issuer, in seconds: 3600 for AssumeRole from a role. */
  readonly longestSessionSeconds: number
}

/** A request that has passed the route, of a device whose certificate was parsed. */
type Presented = { readonly request: CredentialRequest; readonly device: PresentedDevice }

/**
 * Makes the exchange of one request for credentials: identify, read, decide, issue. What becomes known on the way is
 * noted in the journal. Faults are thrown.
 */
export function createExchange(ports: ExchangePorts) {
  return async (request: DeviceRequest, journal: Journal): Promise<Outcome> => {
    journal.note({ sourceIp: request.sourceIp })
    const presented = present(ports, request, journal)
    if ('kind' in presented) return presented
    const facts = await readAndVerify(ports, presented, journal)
    const decision = decide(presented.request, facts, {
      now: ports.clock(),
      ...ports.settings,
    })
    noteDecision(journal, decision)
    if (!decision.allow) return refused(decision.reason)
    return issue(ports, decision.grant, presented.device.deadline, journal)
  }
}

function refused(reason: RefusalReason): Outcome {
  return { kind: 'refused', reason }
}

function present(
  ports: ExchangePorts,
  request: DeviceRequest,
  journal: Journal,
): Presented | Outcome {
  const { route, thingHeader, hostName, sourceIp } = request
  if (!servesHost(ports, hostName, journal)) return refused('host-not-served')
  if (route.kind === 'refused') return refused(route.reason)
  const { roleAlias } = route
  if (roleAlias !== undefined) journal.note({ roleAlias })
  const device = identifyDevice(ports, request, journal)
  if ('kind' in device) return device
  const certificate = device.certificate.facts
  return { request: { certificate, thingHeader, roleAlias, hostName, sourceIp }, device }
}

/** Reads and verifies, and takes from the tenant's budget once the certificate has passed. */
async function readAndVerify(
  ports: ExchangePorts,
  { request, device }: Presented,
  journal: Journal,
): Promise<Facts> {
  const facts = await readDevice(ports, device, { journal, roleAlias: request.roleAlias })
  const authentication = authenticate(request.certificate, facts, ports.clock())
  if (!authentication.allow) return { ...facts, withinBudget: false }
  const { tenant } = authentication
  const { rateLimit } = tenant
  if (rateLimit === undefined) return { ...facts, withinBudget: true }
  const withinBudget = await journal.time('budget', () =>
    ports.takeFromBudget({ ...tenant, rateLimit }, device.deadline),
  )
  return { ...facts, withinBudget }
}

function noteDecision(journal: Journal, decision: Decision): void {
  if (!decision.allow) {
    noteRefusal(journal, decision)
    return
  }
  const { session, duration, thing, sessionPolicies, sessionPolicy } = decision.grant
  const audited = auditRefusal([], decision.policies) // no more of them than a record may hold
  journal.note({
    policies: audited.policies,
    ...(audited.truncated && { truncated: true }),
    ...(thing === undefined ? {} : { thingName: thing.thingName }),
    sessionPolicies,
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    roleArn: session.roleArn,
    durationAskedSeconds: duration.askedSeconds,
    durationGivenSeconds: duration.givenSeconds,
    durationClampedBy: duration.clampedBy,
  })
}

async function issue(
  ports: ExchangePorts,
  grant: Grant,
  deadline: Date,
  journal: Journal,
): Promise<Outcome> {
  const session: SessionRequest = grant.session
  const issued = await journal.time('issue', () => ports.issueCredentials(session, deadline))
  return issued.issued
    ? { kind: 'issued', credentials: issued.credentials }
    : refused(issued.reason)
}
