import type { TenantId } from '@thingpass/core/names'
import {
  judgePolicySize,
  type PolicyDocument,
  parsePolicyDocument,
} from '@thingpass/core/policy/document'
import type { GroupMembership, PolicyIdentity } from '@thingpass/core/records'
import { parseSessionTemplate, type SessionTemplate } from '@thingpass/core/session/template'
import { createLeastRecentlyUsed, type LeastRecentlyUsed } from '../least-recently-used.ts'
import type { PolicyItem } from './items/policy.ts'
import { cacheKey, type DocumentKind } from './policy-cache-keys.ts'

/** A policy's default version with its parsed text; `document` is absent when the text cannot be read. */
export type ReadPolicy<Document> = PolicyIdentity & { readonly document: Document | undefined }

/** Names a policy as an edge does. */
export type PolicyReference = Pick<PolicyItem, 'tenantId' | 'policyName' | 'generationId'>

/** Policies of one kind, as they were read a short while ago. */
export type PolicyMemory<Document> = {
  /** The policy, when what is remembered of it is of this very generation and fresh at `now`. */
  readonly find: (policy: PolicyReference, now: Date) => ReadPolicy<Document> | undefined
  /** Keeps a policy that was asked for at `readAt` or later; gives it with its text parsed. */
  readonly keep: (item: PolicyItem, readAt: Date) => ReadPolicy<Document>
}

/** A thing group as a request needs it: whether it is there, and which policies are attached. */
export type GroupState = {
  readonly live: boolean
  readonly policies: readonly PolicyReference[]
}

/** Names a group as a thing's closure does. */
export type GroupReference = GroupMembership & { readonly tenantId: TenantId }

/** Thing groups, as they were read a short while ago. */
export type GroupMemory = {
  readonly find: (group: GroupReference, now: Date) => GroupState | undefined
  readonly keep: (group: GroupReference, state: GroupState, readAt: Date) => void
}

/** All that one process remembers of policies between requests. */
export type PolicyCache = {
  readonly iotPolicies: PolicyMemory<PolicyDocument>
  readonly sessionPolicies: PolicyMemory<SessionTemplate>
  readonly groups: GroupMemory
}

/** How policies are parsed, and how many are kept; the parsers give `undefined` for a text that they cannot read. */
export type PolicyCacheOptions = {
  readonly parsePolicy?: (text: string) => PolicyDocument | undefined
  readonly parseTemplate?: (text: string) => SessionTemplate | undefined
  readonly limits?: PolicyCacheLimits
}

/** Bounds of a policy cache. */
export type PolicyCacheLimits = {
  /** Characters of all parsed texts of one kind together; parsed they take a small multiple of it. */
  readonly documentCharacters: number
  readonly pointers: number
  readonly groups: number
}

const DEFAULT_LIMITS: PolicyCacheLimits = Object.freeze({
  documentCharacters: 4_000_000,
  pointers: 5000,
  groups: 5000,
})

/**
 * How long a pointer or a group is believed. A request judges it once, by the instant at which it began, and has up to 2.8
 * seconds from then: what it hands out follows an operator's change by less than the 10 seconds that are promised.
 */
export const FRESH_MS = 7000

/**
 * Makes a policy cache. Time is an argument: the instant at which a request began, for what it reads as well as for what
 * it finds, so that nothing found is older than `FRESH_MS`.
 */
export function createPolicyCache(options: PolicyCacheOptions = {}): PolicyCache {
  const { parsePolicy = iotPolicy, parseTemplate = sessionTemplate } = options
  const { limits = DEFAULT_LIMITS } = options
  const pointers = createLeastRecentlyUsed<Dated<Pointer>>(limits.pointers)
  return {
    iotPolicies: createPolicyMemory(
      pointers,
      createParsedTexts('iot-policy', parsePolicy, limits.documentCharacters),
    ),
    sessionPolicies: createPolicyMemory(
      pointers,
      createParsedTexts('session-template', parseTemplate, limits.documentCharacters),
    ),
    groups: createGroupMemory(limits.groups),
  }
}

/** What is larger than a policy may be was not written by the control plane of today: not read, and so denied. */
function iotPolicy(text: string): PolicyDocument | undefined {
  if (judgePolicySize(text) !== undefined) return undefined
  const parsed = parsePolicyDocument(text, 'iot')
  return parsed.ok ? parsed.document : undefined
}

function sessionTemplate(text: string): SessionTemplate | undefined {
  if (judgePolicySize(text) !== undefined) return undefined
  const parsed = parseSessionTemplate(text)
  return parsed.ok ? parsed.template : undefined
}

type Dated<Value> = { readonly value: Value; readonly readAt: Date }
type Pointer = PolicyIdentity & { readonly documentSha256: string }
type Parsed<Document> = { readonly document: Document | undefined; readonly characters: number }

/** The value while it is fresh. A clock that went backwards makes everything stale. */
function fresh<Value>(dated: Dated<Value> | undefined, now: Date): Value | undefined {
  const age = dated === undefined ? Number.NaN : now.getTime() - dated.readAt.getTime()
  const isFresh = age >= 0 && age < FRESH_MS
  return isFresh ? dated?.value : undefined
}

type ParsedTexts<Document> = {
  readonly find: (sha256: string) => Parsed<Document> | undefined
  readonly parse: (item: PolicyItem) => Parsed<Document>
}

function createParsedTexts<Document>(
  kind: DocumentKind,
  parse: (text: string) => Document | undefined,
  capacity: number,
): ParsedTexts<Document> {
  const texts = createLeastRecentlyUsed<Parsed<Document>>(capacity, ({ characters }) => characters)
  const find = (sha256: string) => texts.get(cacheKey.document(kind, sha256))
  return {
    find,
    parse: ({ document: text, documentSha256 }) => {
      const known = find(documentSha256)
      if (known !== undefined) return known
      const parsed = { document: parse(text), characters: text.length }
      texts.set(cacheKey.document(kind, documentSha256), parsed)
      return parsed
    },
  }
}

function createPolicyMemory<Document>(
  pointers: LeastRecentlyUsed<Dated<Pointer>>,
  texts: ParsedTexts<Document>,
): PolicyMemory<Document> {
  return {
    find: (policy, now) => {
      const pointer = fresh(pointers.get(cacheKey.pointer(policy)), now)
      const parsed = pointer && texts.find(pointer.documentSha256)
      return parsed && { ...identityOf(pointer), document: parsed.document }
    },
    keep: (item, readAt) => {
      const { policyName, defaultVersionId: versionId, generationId, documentSha256 } = item
      const pointer = { policyName, versionId, generationId, documentSha256 }
      pointers.set(cacheKey.pointer(item), { value: pointer, readAt })
      return { ...identityOf(pointer), document: texts.parse(item).document }
    },
  }
}

function identityOf({ policyName, versionId, generationId }: Pointer): PolicyIdentity {
  return { policyName, versionId, generationId }
}

function createGroupMemory(capacity: number): GroupMemory {
  const groups = createLeastRecentlyUsed<Dated<GroupState>>(capacity)
  return {
    find: (group, now) => fresh(groups.get(cacheKey.group(group)), now),
    keep: (group, state, readAt) => {
      groups.set(cacheKey.group(group), { value: state, readAt })
    },
  }
}
