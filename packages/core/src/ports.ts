import type { AuditRecord } from './audit-record.ts'
import type { Credentials } from './credentials.ts'
import type { FactsQuery, RegistryFacts } from './facts.ts'
import type { CaCertificateId, RoleArn, TenantId } from './names.ts'
import type { TenantRecord } from './records.ts'
import type { IssueRefusal } from './refusal.ts'

/** The current instant. */
export type Clock = () => Date

/** How much was asked of the registry for one request. */
export type ReadCost = {
  /** Rounds of parallel calls, one after the other: 1 when hint and caches are warm, 4 at most. */
  readonly rounds: number
  readonly calls: number
  /** Read capacity units, as DynamoDB reported them. */
  readonly capacityUnits: number
}

/**
 * Reads all facts about one request, strongly consistent.
 * @throws {Fault} REGISTRY_THROTTLED, REGISTRY_TIMEOUT, REGISTRY_UNAVAILABLE, REGISTRY_REFUSED, REGISTRY_UNREADABLE, REGISTRY_INCONSISTENT
 */
export type ReadFacts = (
  query: FactsQuery,
) => Promise<{ readonly facts: RegistryFacts; readonly cost: ReadCost }>

/** Remembers who issued a certificate whose signature was verified, to read everything in one round next time. */
export type RememberIssuer = (
  issuerHint: string,
  issuer: {
    readonly tenantId: TenantId
    readonly caCertificateId: CaCertificateId
    /** As in `CaRecord`: whose revocation list is to be read in that round, too. */
    readonly revocationListKey?: string
  },
) => void

/**
 * Takes one request from a tenant's budget; false when there is no room.
 * @throws {Fault} as `ReadFacts`
 */
export type TakeFromBudget = (
  tenant: TenantRecord & {
    readonly rateLimit: { readonly perSecond: number; readonly burst: number }
  },
  deadline: Date,
) => Promise<boolean>

/** One session tag. */
export type SessionTag = { readonly key: string; readonly value: string }

/** The session that a grant allows, as STS takes it. */
export type SessionRequest = {
  readonly roleArn: RoleArn
  /** 2–64 of `[\w+=,.@-]`. */
  readonly sessionName: string
  /** 900–43200. */
  readonly durationSeconds: number
  readonly externalId: string
  readonly tags: readonly SessionTag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
  /** Session policy, minified JSON, at most 2048 characters. */
  readonly policy?: string
}

/** What STS answered: credentials, or one of the two refusals that are the operator's to mend. */
export type IssueOutcome =
  | { readonly issued: true; readonly credentials: Credentials }
  | { readonly issued: false; readonly reason: IssueRefusal }

/**
 * Asks for the credentials of a session.
 * @throws {Fault} STS_THROTTLED, STS_TIMEOUT, STS_UNAVAILABLE, STS_CREDENTIALS_REFUSED, STS_REQUEST_REFUSED, STS_PACKED_POLICY_TOO_LARGE, STS_UNREADABLE
 */
export type IssueCredentials = (request: SessionRequest, deadline: Date) => Promise<IssueOutcome>

/**
 * Writes one audit record; when it returns, the record is kept.
 * @throws {Fault} AUDIT_UNAVAILABLE
 */
export type WriteAudit = (record: AuditRecord) => Promise<void>
