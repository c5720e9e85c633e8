import type {
  CaCertificateId,
  CertificateId,
  PolicyName,
  RoleAlias,
  TenantId,
  ThingGroupName,
  ThingName,
  ThingTypeName,
} from '@thingpass/core/names'

/**
 * The layout of the table. No name contains `#`, so no two records meet in one key. In every partition that has policy
 * edges, META and POLICY# are neighbours and everything else sorts outside of them: one Query reads both and nothing more.
 */
export type ItemKey = { readonly pk: string; readonly sk: string }

/** Sort key of a record itself, beside the rows of its partition. */
export const META = 'META'

/** Inclusive bounds of the sort keys of META and all POLICY# rows. */
export const META_AND_POLICIES = { from: META, to: 'POLICY$' } as const

/** What a policy can be attached to. */
export type TargetKind = 'CERT' | 'GROUP' | 'ALIAS'

const meta = (pk: string): ItemKey => ({ pk, sk: META })

const certificatePartition = (id: CertificateId): string => `CERT#${id}`
const tenantPartition = (tenantId: TenantId): string => `TENANT#${tenantId}`
const caPartition = (tenantId: TenantId, id: CaCertificateId): string =>
  `TENANT#${tenantId}#CA#${id}`
const thingPartition = (tenantId: TenantId, name: ThingName): string =>
  `TENANT#${tenantId}#THING#${name}`
const groupPartition = (tenantId: TenantId, name: ThingGroupName): string =>
  `TENANT#${tenantId}#GROUP#${name}`
const aliasPartition = (tenantId: TenantId, alias: RoleAlias): string =>
  `TENANT#${tenantId}#ALIAS#${alias}`
const policyPartition = (tenantId: TenantId, name: PolicyName): string =>
  `TENANT#${tenantId}#POLICY#${name}`

/** A device certificate. */
export const certificateKey = (id: CertificateId): ItemKey => meta(certificatePartition(id))
/** The PEM of a device certificate, kept apart so that the data plane never pays for it. */
export const certificateBodyKey = (id: CertificateId): ItemKey => ({
  pk: certificatePartition(id),
  sk: 'BODY',
})
/** Edge from a certificate to a thing. */
export const certificateThingKey = (id: CertificateId, name: ThingName): ItemKey => ({
  pk: certificatePartition(id),
  sk: `THING#${name}`,
})
/** Edge from a certificate to a policy. */
export const certificatePolicyKey = (id: CertificateId, name: PolicyName): ItemKey => ({
  pk: certificatePartition(id),
  sk: `POLICY#${name}`,
})

/** A tenant. */
export const tenantKey = (tenantId: TenantId): ItemKey => meta(tenantPartition(tenantId))

/** A tenant's CA. */
export const caKey = (tenantId: TenantId, id: CaCertificateId): ItemKey =>
  meta(caPartition(tenantId, id))
/** The PEM of a CA certificate. */
export const caBodyKey = (tenantId: TenantId, id: CaCertificateId): ItemKey => ({
  pk: caPartition(tenantId, id),
  sk: 'BODY',
})
/** Row of a CA for each certificate registered under it. */
export const caCertificateKey = (
  tenantId: TenantId,
  id: CaCertificateId,
  certificateId: CertificateId,
): ItemKey => ({ pk: caPartition(tenantId, id), sk: `CERT#${certificateId}` })
/** Claim of one tenant to a CA's key or subject name; `digest` is a SHA-256. */
export const caClaimKey = (of: 'key' | 'subject', digest: string): ItemKey =>
  meta(`CA-${of.toUpperCase()}#${digest}`)

/** Row of a subject name for each CA that has it. */
export const caOfSubjectKey = (digest: string, id: CaCertificateId): ItemKey => ({
  pk: caClaimKey('subject', digest).pk,
  sk: `CA#${id}`,
})
/** Which CA this service signs with for a tenant. */
export const ownCaKey = (tenantId: TenantId): ItemKey => ({
  pk: tenantPartition(tenantId),
  sk: 'OWN-CA',
})
/** The code that a tenant registers its CAs with. */
export const registrationCodeKey = (tenantId: TenantId): ItemKey => ({
  pk: tenantPartition(tenantId),
  sk: 'REGISTRATION-CODE',
})

/** The revocation list in force of a CA's key; `digest` is the key's SHA-256. */
export const revocationListKey = (digest: string): ItemKey => meta(`CRL#${digest}`)

/** The upload of a list of that key that is under way, or has left rows behind. */
export const revocationUploadKey = (digest: string): ItemKey => ({
  pk: revocationListKey(digest).pk,
  sk: 'UPLOAD',
})

/**
 * A part of one revocation list; `shard` is three hex digits. Parts sort between META and POLICY#, so that the query that reads
 * those of a partition reads a shard's parts of all lists: which of them counts need not be known before.
 */
export const revocationShardKey = (
  digest: string,
  shard: string,
  generationId: string,
): ItemKey => ({ pk: `CRL#${digest}#${shard}`, sk: `PART#${generationId}` })

/** A thing type. */
export const thingTypeKey = (tenantId: TenantId, name: ThingTypeName): ItemKey =>
  meta(`TENANT#${tenantId}#TYPE#${name}`)

/** A thing. */
export const thingKey = (tenantId: TenantId, name: ThingName): ItemKey =>
  meta(thingPartition(tenantId, name))
/** Edge from a thing back to a certificate. */
export const thingCertificateKey = (
  tenantId: TenantId,
  name: ThingName,
  id: CertificateId,
): ItemKey => ({ pk: thingPartition(tenantId, name), sk: `CERT#${id}` })
/** Row of a thing for each group it is in directly. */
export const thingMembershipKey = (
  tenantId: TenantId,
  name: ThingName,
  group: ThingGroupName,
): ItemKey => ({ pk: thingPartition(tenantId, name), sk: `GROUP#${group}` })

/** A thing group. */
export const thingGroupKey = (tenantId: TenantId, name: ThingGroupName): ItemKey =>
  meta(groupPartition(tenantId, name))
/** Edge from a thing group to a policy. */
export const thingGroupPolicyKey = (
  tenantId: TenantId,
  name: ThingGroupName,
  policy: PolicyName,
): ItemKey => ({ pk: groupPartition(tenantId, name), sk: `POLICY#${policy}` })

/** Row of a thing group for each group directly below it. */
export const thingGroupChildKey = (
  tenantId: TenantId,
  name: ThingGroupName,
  child: ThingGroupName,
): ItemKey => ({ pk: groupPartition(tenantId, name), sk: `CHILD#${child}` })

/** A role alias. */
export const roleAliasKey = (tenantId: TenantId, alias: RoleAlias): ItemKey =>
  meta(aliasPartition(tenantId, alias))
/** Edge from a role alias to a session policy. */
export const roleAliasPolicyKey = (
  tenantId: TenantId,
  alias: RoleAlias,
  policy: PolicyName,
): ItemKey => ({ pk: aliasPartition(tenantId, alias), sk: `POLICY#${policy}` })
/** What is left of a deleted role alias that was scoped. */
export const roleAliasTombstoneKey = (tenantId: TenantId, alias: RoleAlias): ItemKey => ({
  pk: aliasPartition(tenantId, alias),
  sk: 'TOMBSTONE',
})

/** A policy: the pointer to its default version, with that version's text. */
export const policyKey = (tenantId: TenantId, name: PolicyName): ItemKey =>
  meta(policyPartition(tenantId, name))
/** One version of a policy; `versionNumber` 1–9999999999, so that text order is number order. */
export const policyVersionKey = (
  tenantId: TenantId,
  name: PolicyName,
  versionNumber: number,
): ItemKey => ({
  pk: policyPartition(tenantId, name),
  sk: `VERSION#${String(versionNumber).padStart(10, '0')}`,
})
/** How often a policy is attached, apart from its text so that an attachment does not rewrite it. */
export const policyUsageKey = (tenantId: TenantId, name: PolicyName): ItemKey => ({
  pk: policyPartition(tenantId, name),
  sk: 'USAGE',
})
/** Edge from a policy back to what it is attached to. */
export const policyTargetKey = (
  tenantId: TenantId,
  name: PolicyName,
  target: { readonly kind: TargetKind; readonly name: string },
): ItemKey => ({
  pk: policyPartition(tenantId, name),
  sk: `TARGET#${target.kind}#${target.name}`,
})

/** The tags of the record at `key`. */
export const tagsKey = ({ pk }: ItemKey): ItemKey => ({ pk, sk: 'TAGS' })

/** One change of the registry; ordered by time within its day (UTC). */
export const auditKey = (tenantId: TenantId, time: Date, changeId: string): ItemKey => ({
  pk: `TENANT#${tenantId}#AUDIT#${time.toISOString().slice(0, 10)}`,
  sk: `${time.toISOString()}#${changeId}`,
})
