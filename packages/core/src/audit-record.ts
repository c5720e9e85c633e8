import type { FaultCode } from './fault.ts'
import type { StatementTrace } from './policy/trace.ts'
import type { PolicyIdentity } from './records.ts'
import type { RefusalReason } from './refusal.ts'
import type { RenderedPolicyFacts } from './session/compose.ts'

/**
 * What is kept of each decision, written before the answer. An allow-list by construction: a field that is not here is
 * not logged, and no field can hold a secret, a token or a PEM.
 */
export type AuditRecord = {
  readonly kind: 'credentials' | 'authorizer'
  /** ISO 8601, UTC. */
  readonly time: string
  readonly requestId: string
  readonly decision: 'allow' | 'deny' | 'fault'
  readonly reason?: RefusalReason
  readonly fault?: FaultCode
  /** HTTP status of the answer. */
  readonly status: number
  readonly sourceIp?: string
  readonly hostName?: string
  readonly tenantId?: string
  readonly certificateId?: string
  /** Valid name from the header, or of the default thing. */
  readonly thingName?: string
  readonly roleAlias?: string
  /** What a guarded API was asked for, once the path was found to have one reading; never with its query. */
  readonly apiArn?: string
  readonly roleArn?: string
  readonly accessKeyId?: string
  readonly durationAskedSeconds?: number
  readonly durationGivenSeconds?: number
  /** What made the duration shorter than asked. */
  readonly durationClampedBy?: readonly string[]
  readonly policies?: readonly PolicyIdentity[]
  readonly sessionPolicies?: readonly PolicyIdentity[]
  /** Length of the rendered session policy, and what was left out of it, by place. */
  readonly sessionPolicy?: RenderedPolicyFacts
  /** What the refusal needs said beyond its reason: a size, a variable's name, a statement's place. Never a value of a variable. */
  readonly detail?: string
  /** How each statement stood, where policies refused: the policies' own text, none of the request's values. */
  readonly statements?: readonly StatementTrace[]
  /** Statements, conditions or policies of a refusal were left out, to keep the record short. */
  readonly truncated?: true
  /** Milliseconds by phase. */
  readonly timings: Readonly<Record<string, number>>
  readonly registry?: {
    readonly rounds: number
    readonly calls: number
    readonly capacityUnits: number
  }
}
