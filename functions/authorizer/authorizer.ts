import type { AuditRecord } from '@thingpass/core/audit-record'
import { type ApiDecision, authorizeApi } from '@thingpass/core/authorize-api'
import { asFault, Fault } from '@thingpass/core/fault'
import { auditRefusal } from '@thingpass/core/policy/audit-trace'
import type { WriteAudit } from '@thingpass/core/ports'
import type { Deployment } from '@thingpass/core/request'
import { createJournal, type Journal } from '../credentials/journal.ts'
import { withinDeadline } from '../credentials/within-deadline.ts'
import { type IdentifyPorts, identifyDevice, servesHost } from '../identity/identify-device.ts'
import { type ReadDevicePorts, readDevice } from '../identity/read-device.ts'
import { policyAnswer, simpleAnswer, type Verdict } from './authorizer-answer.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'
import { fromHttpAuthorizer } from './http-event.ts'
import { fromRestAuthorizer } from './rest-event.ts'

/** How a guarded API is decided on. */
export type AuthorizerSettings = IdentifyPorts['settings'] & {
  readonly deployment: Deployment
  /** Names of the thing's attributes that the API is told. */
  readonly attributeNames: readonly string[]
}

/** What the authorizer needs from outside. */
export type AuthorizerPorts = IdentifyPorts &
  ReadDevicePorts & {
    readonly writeAudit: WriteAudit
    /** Tells operators of a failure: the code and message of a Fault, which hold no secret. */
    readonly reportFault: (fault: Fault, requestId: string) => void
    /** Monotonic milliseconds. */
    readonly stopwatch: () => number
    readonly settings: AuthorizerSettings
  }

/** How one kind of API asks, and wants its answer. */
export type AuthorizerFormat<Event, Answer> = {
  /** @throws {Fault} EVENT_UNREADABLE */
  readonly read: (event: Event) => AuthorizerRequest
  /** @throws {Fault} EVENT_UNREADABLE */
  readonly write: (verdict: Verdict, request: AuthorizerRequest) => Answer
}

/** The kinds of API, by the name that the function's environment gives them. */
export const AUTHORIZER_FORMATS = {
  'http-simple': { read: fromHttpAuthorizer, write: simpleAnswer },
  'http-iam': { read: fromHttpAuthorizer, write: policyAnswer },
  rest: { read: fromRestAuthorizer, write: policyAnswer },
} as const

/**
 * Makes the Lambda handler of a REQUEST authorizer. Every event gets exactly one audit record, kept before the answer leaves. A fault
 * is thrown, which API Gateway answers with 500: whatever fails, nobody is let in.
 */
export function createAuthorizerHandler<Event, Answer>(
  ports: AuthorizerPorts,
  format: AuthorizerFormat<Event, Answer>,
): (event: Event) => Promise<Answer> {
  return async (event) => {
    const journal = createJournal(ports.stopwatch)
    const requestId = requestIdOf(event)
    const outcome = await answer(ports, format, event, journal)
    if ('fault' in outcome) ports.reportFault(outcome.fault, requestId)
    await keepRecord(ports, outcome, { journal, requestId })
    if ('fault' in outcome) throw undecided(outcome.fault)
    return outcome.answer
  }
}

type Answered<Answer> = { readonly verdict: Verdict; readonly answer: Answer }
type Failed = { readonly fault: Fault }

async function answer<Event, Answer>(
  ports: AuthorizerPorts,
  format: AuthorizerFormat<Event, Answer>,
  event: Event,
  journal: Journal,
): Promise<Answered<Answer> | Failed> {
  try {
    const request = format.read(event)
    const { deadlineMilliseconds } = ports.settings
    const verdict = await withinDeadline(deadlineMilliseconds, judge(ports, request, journal))
    return { verdict, answer: format.write(verdict, request) }
  } catch (thrown) {
    return { fault: asFault(thrown) }
  }
}

async function judge(
  ports: AuthorizerPorts,
  request: AuthorizerRequest,
  journal: Journal,
): Promise<Verdict> {
  const { hostName, sourceIp, route } = request
  journal.note({ sourceIp })
  if (!servesHost(ports, hostName, journal)) return { kind: 'refused', reason: 'host-not-served' }
  const device = identifyDevice(ports, request, journal)
  if ('kind' in device) return device
  const facts = await readDevice(ports, device, { journal, roleAlias: undefined })
  const { thingHeader } = device
  const certificate = device.certificate.facts
  const now = ports.clock()
  const decision = authorizeApi({ certificate, thingHeader, route, hostName, sourceIp }, facts, {
    ...ports.settings,
    now,
  })
  noteDecision(journal, decision)
  if (decision.allow) return { kind: 'allowed', ...decision }
  const { certificateId } = certificate
  return { kind: 'refused', reason: decision.reason, certificateId }
}

function noteDecision(journal: Journal, decision: ApiDecision): void {
  const { policies, statements, apiArn } = decision
  const byPolicy = !decision.allow && decision.reason.startsWith('policy-')
  const audited = auditRefusal(byPolicy ? statements : [], policies) // no more than a record may hold
  journal.note({
    policies: audited.policies,
    ...(audited.truncated && { truncated: true }),
    ...(apiArn === undefined ? {} : { apiArn }),
    ...(byPolicy ? { statements: audited.statements } : {}),
  })
  if (!decision.allow) return
  const { thingName } = decision.identity
  if (thingName !== undefined) journal.note({ thingName })
}

/** @throws {Fault} AUDIT_UNAVAILABLE, and then nobody is let in */
async function keepRecord(
  ports: AuthorizerPorts,
  outcome: Answered<unknown> | Failed,
  { journal, requestId }: { readonly journal: Journal; readonly requestId: string },
): Promise<void> {
  const { entries, timings } = journal.read()
  const time = ports.clock().toISOString()
  const kind = 'authorizer'
  try {
    await ports.writeAudit({ kind, time, requestId, ...conclusion(outcome), ...entries, timings })
  } catch (thrown) {
    ports.reportFault(asFault(thrown), requestId)
    throw new Fault('AUDIT_UNAVAILABLE', 'the audit record was not kept')
  }
}

/** `status` is what API Gateway answers; of an allowed request it is the API's own to say, and 200 stands for that. */
function conclusion(
  outcome: Answered<unknown> | Failed,
): Pick<AuditRecord, 'decision' | 'status' | 'reason' | 'fault'> {
  if ('fault' in outcome) return { decision: 'fault', status: 500, fault: outcome.fault.code }
  const { verdict } = outcome
  return verdict.kind === 'allowed'
    ? { decision: 'allow', status: 200 }
    : { decision: 'deny', status: 403, reason: verdict.reason }
}

/** Lambda logs what is thrown, with all its causes: so without them. The word "Unauthorized" would be answered with 401. */
function undecided({ code }: Fault): Fault {
  return new Fault(code, 'the request could not be decided')
}

/** An event that is nothing at all has no request id either. */
function requestIdOf(event: unknown): string {
  const { requestContext } = (event ?? {}) as { requestContext?: { requestId?: unknown } | null }
  const requestId = requestContext?.requestId
  return typeof requestId === 'string' ? requestId : 'unknown'
}
