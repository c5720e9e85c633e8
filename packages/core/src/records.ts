import type {
  CaCertificateId,
  CertificateId,
  PolicyName,
  RoleAlias,
  RoleArn,
  TenantId,
  ThingGroupName,
  ThingName,
  ThingTypeName,
} from './names.ts'

/** Status of a device certificate. Source: AWS IoT API model (CertificateStatus). */
export type CertificateStatus =
  | 'ACTIVE'
  | 'INACTIVE'
  | 'REVOKED'
  | 'PENDING_TRANSFER'
  | 'PENDING_ACTIVATION'
  | 'REGISTER_INACTIVE'

/** How a certificate came to be registered: under a CA whose key must have signed it, or by itself. */
export type Registration =
  | { readonly kind: 'ca'; readonly caCertificateId: CaCertificateId }
  | { readonly kind: 'without-ca' }

/** The registry's record of a device certificate. */
export type CertificateRecord = {
  readonly certificateId: CertificateId
  readonly tenantId: TenantId
  /** Made anew at each registration, so that edges of an earlier registration never count. */
  readonly registrationId: string
  readonly status: CertificateStatus
  readonly registration: Registration
  /** The one thing it is attached to as EXCLUSIVE_THING. */
  readonly exclusiveThing?: ThingName
}

/** What an administrator lets a tenant do. A tenant without a record is disabled. */
export type TenantRecord = {
  readonly tenantId: TenantId
  readonly status: 'ENABLED' | 'DISABLED'
  /** Role ARNs that aliases may name, with `*` and `?`; matched per ARN segment. Empty = none. */
  readonly roleArnPatterns: readonly string[]
  /** Sent to STS with every call; ours, random; 2–1224 of `[\w+=,.@:/-]`. */
  readonly externalId: string
  /** Session tag keys that the tenant's session profiles may add. Empty = none. */
  readonly sessionTagKeys: readonly string[]
  /** Whether certificates registered without a CA are accepted. */
  readonly certificatesWithoutCa: boolean
  /** `execute-api` ARNs that the tenant's devices may be allowed to invoke. Empty = none. */
  readonly apiArnPatterns: readonly string[]
  /** Credential requests per second with a burst; absent = unlimited. */
  readonly rateLimit?: { readonly perSecond: number; readonly burst: number }
  /** Which thing a request without the thing header acts for. */
  readonly defaultThing: 'never' | 'exclusive'
  /** Whether devices of an INACTIVE CA are refused (AWS IoT accepts them). */
  readonly inactiveCaRefusesDevices: boolean
  /** Whether devices without a CA, and of a CA whose key never had a revocation list, are refused (AWS IoT knows no lists). Absent = they are not. */
  readonly revocationListRequired?: true
  /** Whether the API authorizer refuses a device that names no thing. */
  readonly authorizerRequiresThing: boolean
}

/** The registry's record of a tenant's CA. */
export type CaRecord = {
  readonly caCertificateId: CaCertificateId
  readonly tenantId: TenantId
  readonly status: 'ACTIVE' | 'INACTIVE'
  /** SubjectPublicKeyInfo DER: what trust rests on. */
  readonly publicKey: Uint8Array
  /** SHA-256 of the public key, lower-case hex: there from when the first revocation list of the key was put, and for good. */
  readonly revocationListKey?: string
}

/** A static group that a thing is in, directly or through its parents. */
export type GroupMembership = { readonly groupName: ThingGroupName; readonly groupId: string }

/** The registry's record of a thing. */
export type ThingRecord = {
  readonly thingName: ThingName
  readonly thingId: string
  readonly thingTypeName?: ThingTypeName
  readonly attributes: ReadonlyMap<string, string>
  /** Closure over parents, at most 70 (10 groups, depth 7). */
  readonly groups: readonly GroupMembership[]
}

/** A role alias's session settings. */
export type SessionProfile = {
  /** `session-policy` = never issue without one; set for good by the first attached policy. */
  readonly scope: 'role' | 'session-policy'
  /** Session tag key → template of its value. */
  readonly tags: ReadonlyMap<string, string>
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: 'certificateId'
  readonly requireThingName: boolean
  /** What to do when the alias asks for more than the issuer can give. */
  readonly longDuration: 'clamp' | 'refuse'
}

/** The profile of an alias that has none stored. */
export const DEFAULT_SESSION_PROFILE: SessionProfile = Object.freeze({
  scope: 'role',
  tags: new Map<string, string>(),
  transitiveTagKeys: [],
  requireThingName: false,
  longDuration: 'clamp',
})

/** The registry's record of a role alias. */
export type RoleAliasRecord = {
  readonly roleAlias: RoleAlias
  readonly roleArn: RoleArn
  /** 900–43200 seconds. */
  readonly credentialDurationSeconds: number
  readonly sessionProfile: SessionProfile
}

/** Which version of which policy took part in a decision. */
export type PolicyIdentity = {
  readonly policyName: PolicyName
  readonly versionId: string
  /** Made anew with each policy, so that a policy made again under an old name inherits nothing. */
  readonly generationId: string
}
