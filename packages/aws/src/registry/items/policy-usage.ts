import {
  type PolicyName,
  parsePolicyName,
  parseTenantId,
  type TenantId,
} from '@thingpass/core/names'
import { type Item, number, openItem, text } from '../attributes.ts'
import { policyUsageKey } from '../keys.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'policy-usage'

/** How often a policy is attached, in all and to role aliases. It is there as long as the policy is. */
export type PolicyUsage = {
  readonly tenantId: TenantId
  readonly policyName: PolicyName
  readonly generationId: string
  readonly attachmentCount: number
  readonly roleAliasCount: number
}

/** Writes a usage as an item. */
export function encodePolicyUsage(usage: PolicyUsage): Item {
  const { pk, sk } = policyUsageKey(usage.tenantId, usage.policyName)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    tenantId: text(usage.tenantId),
    policyName: text(usage.policyName),
    generationId: text(usage.generationId),
    attachmentCount: number(usage.attachmentCount),
    roleAliasCount: number(usage.roleAliasCount),
  }
}

/**
 * Reads a usage.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodePolicyUsage(item: Item): PolicyUsage {
  const read = openItem(item, KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  const policyName = read.parsed('policyName', parsePolicyName)
  read.liesAt(policyUsageKey(tenantId, policyName))
  const attachmentCount = read.integer('attachmentCount', 0)
  return {
    tenantId,
    policyName,
    generationId: read.parsed('generationId', parseMadeId),
    attachmentCount,
    roleAliasCount: read.integer('roleAliasCount', 0, attachmentCount),
  }
}
