import { REFUSAL_ANSWERS } from '@thingpass/core/answers'
import type { DeviceCertificate } from '@thingpass/core/certificate-facts'
import { decide } from '@thingpass/core/decide'
import {
  createDecisionPath,
  type Decision,
  type Grant,
  type StepTrace,
} from '@thingpass/core/decision'
import type { SessionDuration } from '@thingpass/core/duration'
import type { CertificateId, RoleAlias, TenantId, ThingName } from '@thingpass/core/names'
import type { StatementTrace } from '@thingpass/core/policy/trace'
import type { SessionTag } from '@thingpass/core/ports'
import type { PolicyIdentity } from '@thingpass/core/records'
import type { DenyReason } from '@thingpass/core/refusal'
import { LONGEST_POLICY } from '@thingpass/core/session/render'
import type { ControlPorts, IdentifyCertificate } from './ports.ts'

/** What is asked: would this certificate, acting for this thing, be given this role alias now? */
export type Question = {
  readonly tenantId: TenantId
  readonly certificateId: CertificateId
  readonly thingName: ThingName | undefined
  readonly roleAlias: RoleAlias
  /** Address to take the device for; policies may look at it. */
  readonly sourceIp: string
}

/** A decision of the data plane with everything it was derived from. Nothing of it is a secret: no credential, no PEM, no external id. */
export type Explanation = {
  readonly certificateId: CertificateId
  readonly thingName?: ThingName
  readonly roleAlias: RoleAlias
  /** What a device would bring along, and was assumed. */
  readonly assumed: { readonly hostName: string; readonly sourceIp: string; readonly time: string }
  readonly decision: 'allow' | 'deny'
  readonly reason?: DenyReason
  /** Place, name or size; never the value of a variable. */
  readonly detail?: string
  /** What the device would be told; of a grant, unless STS refuses. */
  readonly answer: { readonly status: number; readonly message?: string }
  readonly steps: readonly StepTrace[]
  readonly policies: readonly PolicyIdentity[]
  /** How each statement stood; empty when an earlier step refused. */
  readonly statements: readonly StatementTrace[]
  readonly session?: ExplainedSession
}

/** The session that STS would be asked for. */
export type ExplainedSession = {
  readonly roleArn: string
  readonly sessionName: string
  readonly duration: SessionDuration
  readonly tags: readonly SessionTag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
  readonly sessionPolicies: readonly PolicyIdentity[]
  /** Rendered, as STS gets it. */
  readonly policy?: string
  /** Entries that were left out of it for want of a value, by place. */
  readonly dropped: readonly string[]
  readonly sizes: readonly SizeAgainstLimit[]
}

/** How much of a limit is used. */
export type SizeAgainstLimit = {
  readonly of: 'session-policy-characters' | 'session-tags'
  readonly used: number
  readonly most: number
}

/** Source: STS API model (tagListType). */
const MOST_TAGS = 50

/**
 * Decides as the data plane does, for a device that is not there: the registry's facts, the budget left alone, STS not asked.
 * Undefined when the certificate is not the tenant's.
 * @throws {Fault} as `ReadFacts`
 */
export async function explain(
  question: Question,
  identified: ReturnType<IdentifyCertificate>,
  ports: ControlPorts,
): Promise<Explanation | undefined> {
  const { settings } = ports
  const now = ports.clock()
  const { certificateId, thingName, roleAlias, sourceIp } = question
  const [hostName = ''] = settings.credentialsEndpoint.split(':')
  const device = { ...question, hostName, now }
  const decision = identified.ok
    ? await decideFor(device, identified.certificate, ports)
    : createDecisionPath().refuse('certificate', identified.reason)
  if (decision === undefined) return undefined
  return {
    certificateId,
    ...(thingName === undefined ? {} : { thingName }),
    roleAlias,
    assumed: { hostName, sourceIp, time: now.toISOString() },
    ...verdictOf(decision),
    steps: decision.trace.steps,
    policies: decision.policies,
    statements: decision.trace.evaluation?.trace ?? [],
    ...(decision.allow ? { session: sessionOf(decision.grant) } : {}),
  }
}

type AbsentDevice = Question & { readonly hostName: string; readonly now: Date }

async function decideFor(
  device: AbsentDevice,
  certificate: DeviceCertificate,
  ports: ControlPorts,
): Promise<Decision | undefined> {
  const { thingName, roleAlias, hostName, sourceIp, now } = device
  const { issuerHint, serialNumber } = certificate.facts
  const { deployment, longestSessionSeconds, deadlineMilliseconds } = ports.settings
  const { facts } = await ports.readFacts({
    certificateId: device.certificateId,
    issuerHint,
    serialNumber,
    ...(thingName === undefined ? {} : { thingName }),
    roleAlias,
    deadline: new Date(now.getTime() + deadlineMilliseconds),
  })
  // What was read last counts: between two reads another tenant may have registered the certificate.
  if (facts.certificate?.tenantId !== device.tenantId) return undefined
  const signedByCa = facts.ca !== undefined && certificate.isSignedBy(facts.ca.publicKey)
  const thingHeader =
    thingName === undefined
      ? ({ kind: 'absent' } as const)
      : ({ kind: 'named', thingName } as const)
  return decide(
    { certificate: certificate.facts, thingHeader, roleAlias, hostName, sourceIp },
    { ...facts, signedByCa, withinBudget: true },
    { now, deployment, longestSessionSeconds },
  )
}

function verdictOf(
  decision: Decision,
): Pick<Explanation, 'decision' | 'reason' | 'detail' | 'answer'> {
  if (decision.allow) return { decision: 'allow', answer: { status: 200 } }
  const { reason, detail } = decision
  const { status, message } = REFUSAL_ANSWERS[reason]
  return {
    decision: 'deny',
    reason,
    ...(detail === undefined ? {} : { detail }),
    answer: { status, message },
  }
}

function sessionOf({ session, duration, sessionPolicies, sessionPolicy }: Grant): ExplainedSession {
  const { policy, sourceIdentity, tags } = session
  const tagSize = { of: 'session-tags', used: tags.length, most: MOST_TAGS } as const
  return {
    roleArn: session.roleArn,
    sessionName: session.sessionName,
    duration,
    tags,
    transitiveTagKeys: session.transitiveTagKeys,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    sessionPolicies,
    ...(policy === undefined ? {} : { policy }),
    dropped: sessionPolicy?.dropped ?? [],
    sizes: policy === undefined ? [tagSize] : [policySize(policy), tagSize],
  }
}

function policySize(policy: string): SizeAgainstLimit {
  return { of: 'session-policy-characters', used: policy.length, most: LONGEST_POLICY }
}
