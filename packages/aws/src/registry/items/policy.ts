import { createHash } from 'node:crypto'
import {
  type PolicyName,
  parsePolicyName,
  parseTenantId,
  type TenantId,
} from '@thingpass/core/names'
import { type Item, type ItemReader, instant, number, openItem, text } from '../attributes.ts'
import { policyKey, policyVersionKey } from '../keys.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'policy'
const VERSION_KIND = 'policy-version'

/** Versions are counted up and never reused; the key has room for ten digits. */
export const LAST_VERSION = 9_999_999_999

/** A policy as it is stored: the pointer to its default version, with that version's text. */
export type PolicyItem = {
  readonly tenantId: TenantId
  readonly policyName: PolicyName
  /** Made anew with each CreatePolicy. */
  readonly generationId: string
  /** Decimal, from `1`. */
  readonly defaultVersionId: string
  readonly document: string
  /** SHA-256 of `document` (UTF-8), lower-case hex; always true of an item that was read. */
  readonly documentSha256: string
  /** The highest version number ever given. */
  readonly lastVersion: number
  /** How many versions are live, 1–5. */
  readonly versionCount: number
  readonly createdAt: Date
  readonly modifiedAt: Date
}

/** One version of a policy. */
export type PolicyVersionItem = {
  readonly tenantId: TenantId
  readonly policyName: PolicyName
  readonly generationId: string
  readonly versionId: string
  readonly document: string
  readonly createdAt: Date
}

/** SHA-256 of a policy's text, lower-case hex. */
export const documentSha256 = (document: string): string =>
  createHash('sha256').update(document).digest('hex')

/** Index key that lists the policies of a tenant. */
export const policiesListing = (tenantId: TenantId): string => `TENANT#${tenantId}#POLICY`

/** Writes a policy as an item. */
export function encodePolicy(item: Omit<PolicyItem, 'documentSha256'>): Item {
  const { pk, sk } = policyKey(item.tenantId, item.policyName)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(policiesListing(item.tenantId)),
    tenantId: text(item.tenantId),
    policyName: text(item.policyName),
    generationId: text(item.generationId),
    defaultVersionId: text(item.defaultVersionId),
    document: text(item.document),
    documentSha256: text(documentSha256(item.document)),
    lastVersion: number(item.lastVersion),
    versionCount: number(item.versionCount),
    createdAt: instant(item.createdAt),
    modifiedAt: instant(item.modifiedAt),
  }
}

/**
 * Reads a policy. The hash is checked, because documents are kept in memory under it.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodePolicy(item: Item): PolicyItem {
  const read = openItem(item, KIND)
  const names = namesOf(read)
  read.liesAt(policyKey(names.tenantId, names.policyName))
  const document = read.text('document')
  const sha256 = documentSha256(document)
  const intact = read.text('documentSha256') === sha256
  if (!intact) throw read.unreadable('documentSha256')
  return {
    ...names,
    defaultVersionId: String(versionNumber(read, 'defaultVersionId')),
    document,
    documentSha256: sha256,
    lastVersion: read.integer('lastVersion', 1, LAST_VERSION),
    versionCount: read.integer('versionCount', 1, 5),
    createdAt: read.instant('createdAt'),
    modifiedAt: read.instant('modifiedAt'),
  }
}

/** Writes a policy version as an item. */
export function encodePolicyVersion(item: PolicyVersionItem): Item {
  const { pk, sk } = policyVersionKey(item.tenantId, item.policyName, Number(item.versionId))
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(VERSION_KIND),
    tenantId: text(item.tenantId),
    policyName: text(item.policyName),
    generationId: text(item.generationId),
    versionId: text(item.versionId),
    document: text(item.document),
    createdAt: instant(item.createdAt),
  }
}

/**
 * Reads a policy version.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodePolicyVersion(item: Item): PolicyVersionItem {
  const read = openItem(item, VERSION_KIND)
  const names = namesOf(read)
  const version = versionNumber(read, 'versionId')
  read.liesAt(policyVersionKey(names.tenantId, names.policyName, version))
  return {
    ...names,
    versionId: String(version),
    document: read.text('document'),
    createdAt: read.instant('createdAt'),
  }
}

const namesOf = (read: ItemReader) => ({
  tenantId: read.parsed('tenantId', parseTenantId),
  policyName: read.parsed('policyName', parsePolicyName),
  generationId: read.parsed('generationId', parseMadeId),
})

const versionNumber = (read: ItemReader, name: string): number =>
  read.parsed(name, parseVersionNumber)

/** Parses a version id: decimal without leading zeros, 1–9999999999. */
export function parseVersionNumber(value: unknown): number | undefined {
  const decimal = typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value)
  return decimal ? Number(value) : undefined
}
