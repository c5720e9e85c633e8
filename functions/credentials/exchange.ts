import { authenticate } from '@thingpass/core/authenticate'
import type { DeviceCertificate } from '@thingpass/core/certificate-facts'
import { decide } from '@thingpass/core/decide'
import type { Decision, Grant } from '@thingpass/core/decision'
import type { Facts, RegistryFacts } from '@thingpass/core/facts'
import type {
  Clock,
  IssueCredentials,
  ReadFacts,
  RememberIssuer,
  SessionRequest,
  TakeFromBudget,
} from '@thingpass/core/ports'
import type { CertificateRefusal, RefusalReason } from '@thingpass/core/refusal'
import type { CredentialRequest, Deployment } from '@thingpass/core/request'
import type { DeviceRequest } from '../front-door/device-request.ts'
import type { Journal } from './journal.ts'
import type { Outcome } from './outcome.ts'

/** Parses what the TLS layer proved possession of: exactly one certificate, or the reason it is refused. */
export type IdentifyCertificate = (
  presented: string,
) =>
  | { readonly ok: true; readonly certificate: DeviceCertificate }
  | { readonly ok: false; readonly reason: CertificateRefusal }

/** What an exchange needs from outside. */
export type ExchangePorts = {
  readonly identifyCertificate: IdentifyCertificate
  readonly readFacts: ReadFacts
  readonly rememberIssuer: RememberIssuer
  readonly takeFromBudget: TakeFromBudget
  readonly issueCredentials: IssueCredentials
  readonly clock: Clock
  readonly settings: ExchangeSettings
}

/** How a deployment answers. */
export type ExchangeSettings = {
  readonly deployment: Deployment
  /** Host names that requests may address, lower-case; any other is refused. */
  readonly hostNames: readonly string[]
  /** The longest session of the issuer, in seconds: 3600 for AssumeRole from a role. */
  readonly longestSessionSeconds: number
  /** Milliseconds within which registry and STS must have answered. */
  readonly deadlineMilliseconds: number
}

/** A request that has passed the route: its certificate parsed, its deadline set. */
type Presented = {
  readonly request: CredentialRequest
  readonly certificate: DeviceCertificate
  readonly deadline: Date
}

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
    return issue(ports, decision.grant, presented.deadline, journal)
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
  const { route, presented, thingHeader, hostName, sourceIp } = request
  const { settings } = ports
  if (!settings.hostNames.includes(hostName)) return refused('host-not-served')
  journal.note({ hostName }) // one of ours; any other is the caller's own text
  if (route.kind === 'refused') return refused(route.reason)
  if (route.roleAlias !== undefined) journal.note({ roleAlias: route.roleAlias })
  if (thingHeader.kind === 'named') journal.note({ thingName: thingHeader.thingName })
  if (presented === undefined) return refused('certificate-missing')
  const identified = ports.identifyCertificate(presented)
  if (!identified.ok) return refused(identified.reason)
  const { certificate } = identified
  journal.note({ certificateId: certificate.facts.certificateId })
  const { roleAlias } = route
  return {
    request: { certificate: certificate.facts, thingHeader, roleAlias, hostName, sourceIp },
    certificate,
    deadline: new Date(ports.clock().getTime() + settings.deadlineMilliseconds),
  }
}

/** Reads the registry, verifies the CA's signature, and takes from the tenant's budget once the certificate has passed. */
async function readAndVerify(
  ports: ExchangePorts,
  presented: Presented,
  journal: Journal,
): Promise<Facts> {
  const read = await journal.time('read', () => readRegistry(ports, presented, journal))
  const signedByCa = read.ca !== undefined && presented.certificate.isSignedBy(read.ca.publicKey)
  const facts = { ...read, signedByCa }
  const { issuerHint } = presented.certificate.facts
  if (signedByCa && read.ca !== undefined) ports.rememberIssuer(issuerHint, read.ca)
  const authentication = authenticate(presented.certificate.facts, facts, ports.clock())
  if (!authentication.allow) return { ...facts, withinBudget: false }
  const { tenant } = authentication
  const { rateLimit } = tenant
  if (rateLimit === undefined) return { ...facts, withinBudget: true }
  const withinBudget = await journal.time('budget', () =>
    ports.takeFromBudget({ ...tenant, rateLimit }, presented.deadline),
  )
  return { ...facts, withinBudget }
}

async function readRegistry(
  ports: ExchangePorts,
  { request, certificate, deadline }: Presented,
  journal: Journal,
): Promise<RegistryFacts> {
  const { facts, cost } = await ports.readFacts({
    certificateId: certificate.facts.certificateId,
    issuerHint: certificate.facts.issuerHint,
    ...(request.thingHeader.kind === 'named' ? { thingName: request.thingHeader.thingName } : {}),
    ...(request.roleAlias === undefined ? {} : { roleAlias: request.roleAlias }),
    deadline,
  })
  const tenantId = facts.certificate?.tenantId
  journal.note({ registry: cost, ...(tenantId === undefined ? {} : { tenantId }) })
  return facts
}

function noteDecision(journal: Journal, decision: Decision): void {
  journal.note({ policies: decision.policies })
  if (!decision.allow) {
    noteRefusal(journal, decision)
    return
  }
  const { session, duration, thing, sessionPolicies, sessionPolicy } = decision.grant
  journal.note({
    ...(thing === undefined ? {} : { thingName: thing.thingName }),
    sessionPolicies,
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    roleArn: session.roleArn,
    durationAskedSeconds: duration.askedSeconds,
    durationGivenSeconds: duration.givenSeconds,
    durationClampedBy: duration.clampedBy,
  })
}

function noteRefusal(journal: Journal, decision: Extract<Decision, { allow: false }>): void {
  if (decision.detail !== undefined) journal.note({ detail: decision.detail })
  const refusedByPolicy = decision.trace.steps.at(-1)?.step === 'policy'
  const { evaluation } = decision.trace
  if (refusedByPolicy && evaluation !== undefined) journal.note({ statements: evaluation.trace })
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
