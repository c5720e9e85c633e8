import type { Fault } from '../src/fault.ts'
import type { PolicyName, TenantId, ThingName } from '../src/names.ts'
import type { Clock } from '../src/ports.ts'
import type { CertificateRecord, GroupMembership } from '../src/records.ts'
import type { CaDescription } from '../src/registry-writes/cas.ts'
import type { Dates } from '../src/registry-writes/outcome.ts'
import type {
  PolicyAttachmentInput,
  PolicyTarget,
} from '../src/registry-writes/policy-attachments.ts'
import type {
  NewRevocationList,
  RevocationListDescription,
} from '../src/registry-writes/revocation-lists.ts'
import type { RoleAliasDescription } from '../src/registry-writes/role-aliases.ts'
import type { Tags } from '../src/registry-writes/tags.ts'
import type { TenantDescription } from '../src/registry-writes/tenants.ts'
import type { ThingGroupDescription } from '../src/registry-writes/thing-groups.ts'
import type { ThingDescription, ThingTypeDescription } from '../src/registry-writes/things.ts'

/** One change, as the fake's audit has it. */
export type FakeChange = {
  readonly tenantId: TenantId
  readonly action: string
  readonly subject: string
}

/** A thing, with the groups it is in directly; the closure is worked out when it is read. */
export type FakeThing = Omit<ThingDescription, 'directGroups'> & {
  readonly direct: readonly GroupMembership[]
}

/** A CA, with what its tenant has claimed by it, and whether this service signs with it. */
export type FakeCa = CaDescription & {
  readonly key: string
  readonly subject: string
  readonly own: boolean
}

/** A revocation list in force, with its entries. */
export type FakeRevocationList = RevocationListDescription &
  Pick<NewRevocationList, 'issuerSha256'> & { readonly serialNumbers: ReadonlySet<string> }

/** A certificate; its exclusive thing follows from the attachments. */
export type FakeCertificate = Dates & {
  readonly record: Omit<CertificateRecord, 'exclusiveThing'>
  readonly certificateMode: CaDescription['certificateMode']
  readonly version: number
  readonly pem?: string
}

/** A policy with its live versions, oldest first. */
export type FakePolicy = Dates & {
  readonly policyName: PolicyName
  readonly generationId: string
  readonly defaultVersionId: string
  readonly lastVersion: number
  readonly versions: ReadonlyMap<string, { readonly document: string; readonly createdAt: Date }>
}

/** Attachment of a certificate to a thing. */
export type FakeAttachment = {
  readonly tenantId: TenantId
  readonly certificateId: string
  readonly thingName: ThingName
  readonly exclusive: boolean
}

/** All that a fake registry holds. Keys are made by `keyOf`; certificates stand under their id alone. */
export type FakeState = {
  readonly tenants: Map<string, TenantDescription>
  readonly cas: Map<string, FakeCa>
  /** By the SHA-256 of the CA's key: they outlive the CA. */
  readonly revocationLists: Map<string, FakeRevocationList>
  readonly registrationCodes: Map<string, string>
  readonly thingTypes: Map<string, ThingTypeDescription>
  readonly things: Map<string, FakeThing>
  readonly groups: Map<string, ThingGroupDescription>
  readonly certificates: Map<string, FakeCertificate>
  readonly attachments: Map<string, FakeAttachment>
  readonly policies: Map<string, FakePolicy>
  readonly policyEdges: Map<string, PolicyAttachmentInput>
  readonly aliases: Map<string, RoleAliasDescription>
  /** Aliases that were deleted while they were scoped. */
  readonly tombstones: Set<string>
  /** Of tagged resources that are there. */
  readonly tags: Map<string, Tags>
  readonly changes: FakeChange[]
}

/** What the parts of a fake registry share. */
export type FakeWorld = {
  readonly state: FakeState
  readonly newId: () => string
  /** Now, to the second. */
  readonly now: () => Date
  /** Notes that a change was made. */
  readonly note: (tenantId: TenantId, action: string, subject: string) => void
  /** Throws what the test wants the next call to fail with. */
  readonly failWhenAsked: () => void
  readonly failNext: (fault: Fault) => void
}

/** Makes an empty fake registry's insides. */
export function createFakeWorld({
  clock,
  newId,
}: {
  readonly clock: Clock
  readonly newId: () => string
}): FakeWorld {
  const changes: FakeChange[] = []
  const failures: Fault[] = []
  const state: FakeState = {
    tenants: new Map(),
    cas: new Map(),
    revocationLists: new Map(),
    registrationCodes: new Map(),
    thingTypes: new Map(),
    things: new Map(),
    groups: new Map(),
    certificates: new Map(),
    attachments: new Map(),
    policies: new Map(),
    policyEdges: new Map(),
    aliases: new Map(),
    tombstones: new Set(),
    tags: new Map(),
    changes,
  }
  return {
    state,
    newId,
    now: () => new Date(Math.floor(clock().getTime() / 1000) * 1000),
    note: (tenantId, action, subject) => changes.push({ tenantId, action, subject }),
    failWhenAsked: () => {
      const failure = failures.shift()
      if (failure !== undefined) throw failure
    },
    failNext: (fault) => failures.push(fault),
  }
}

/** Key of a record of one tenant, or of an edge. */
export const keyOf = (...parts: readonly string[]): string => parts.join('#')

/** Key of what a policy is attached to. */
export function targetKey(tenantId: TenantId, target: PolicyTarget): string {
  switch (target.kind) {
    case 'certificate':
      return keyOf(tenantId, 'cert', target.certificateId)
    case 'thing-group':
      return keyOf(tenantId, 'thinggroup', target.groupName)
    case 'role-alias':
      return keyOf(tenantId, 'rolealias', target.roleAlias)
  }
}

/** The refusal of a change. */
export const refuse = <Conflict extends string>(conflict: Conflict) =>
  ({ ok: false, conflict }) as const

/** The groups of a thing that are still there, with their parents. */
export function liveGroups(
  { groups }: FakeState,
  tenantId: TenantId,
  direct: readonly GroupMembership[],
): readonly ThingGroupDescription[] {
  return direct.flatMap(({ groupName, groupId }) => {
    const group = groups.get(keyOf(tenantId, groupName))
    return group?.groupId === groupId ? [group] : []
  })
}

/** Groups and all their parents, as a thing's record lists them. */
export const closureOf = (groups: readonly ThingGroupDescription[]): readonly GroupMembership[] =>
  groups.flatMap(({ groupName, groupId, parents }) => [{ groupName, groupId }, ...parents])

/** The policies attached to one target, in byte order of their names. */
export function edgesOf(
  { policyEdges }: FakeState,
  tenantId: TenantId,
  target: PolicyTarget,
): readonly PolicyAttachmentInput[] {
  const key = targetKey(tenantId, target)
  return [...policyEdges.values()]
    .filter((edge) => targetKey(edge.tenantId, edge.target) === key)
    .toSorted((one, other) => (one.policyName < other.policyName ? -1 : 1))
}

/** Takes all policies off one target. */
export function dropEdges(state: FakeState, tenantId: TenantId, target: PolicyTarget): void {
  const gone = new Set(edgesOf(state, tenantId, target))
  for (const [key, edge] of state.policyEdges) if (gone.has(edge)) state.policyEdges.delete(key)
}
