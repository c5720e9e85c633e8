import {
  type CertificateId,
  type PolicyName,
  parseCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseTenantId,
  parseThingGroupName,
  type RoleAlias,
  type TenantId,
  type ThingGroupName,
} from '@thingpass/core/names'
import { type Item, type ItemReader, instant, openItem, text } from '../attributes.ts'
import {
  certificatePolicyKey,
  type ItemKey,
  policyTargetKey,
  roleAliasPolicyKey,
  thingGroupPolicyKey,
} from '../keys.ts'
import { parseMadeId } from './made-id.ts'

/** What a policy is attached to, with the id that tells the live record from an earlier one of the same name. */
export type EdgeTarget =
  | {
      readonly kind: 'certificate'
      readonly certificateId: CertificateId
      readonly registrationId: string
    }
  | { readonly kind: 'thing-group'; readonly groupName: ThingGroupName; readonly groupId: string }
  | { readonly kind: 'role-alias'; readonly roleAlias: RoleAlias; readonly aliasId: string }

/** The id that tells a live target from an earlier one of the same name. */
export function targetId(target: EdgeTarget): string {
  switch (target.kind) {
    case 'certificate':
      return target.registrationId
    case 'thing-group':
      return target.groupId
    case 'role-alias':
      return target.aliasId
  }
}

/** Attachment of a policy. It counts only while tenant, target id and policy generation are those of the live records. */
export type PolicyEdge = {
  readonly tenantId: TenantId
  readonly target: EdgeTarget
  readonly policyName: PolicyName
  readonly generationId: string
  readonly attachedAt: Date
}

/** Which end the item lies at: the target's partition is what requests read, the policy's is for lists. */
export type PolicyEdgeEnd = 'target' | 'policy'

const KINDS = { target: 'target-policy', policy: 'policy-target' } as const

/** Where the edge lies. */
export function policyEdgeKey(
  edge: Pick<PolicyEdge, 'tenantId' | 'target' | 'policyName'>,
  end: PolicyEdgeEnd,
): ItemKey {
  const { tenantId, target, policyName } = edge
  switch (target.kind) {
    case 'certificate':
      return end === 'target'
        ? certificatePolicyKey(target.certificateId, policyName)
        : policyTargetKey(tenantId, policyName, { kind: 'CERT', name: target.certificateId })
    case 'thing-group':
      return end === 'target'
        ? thingGroupPolicyKey(tenantId, target.groupName, policyName)
        : policyTargetKey(tenantId, policyName, { kind: 'GROUP', name: target.groupName })
    case 'role-alias':
      return end === 'target'
        ? roleAliasPolicyKey(tenantId, target.roleAlias, policyName)
        : policyTargetKey(tenantId, policyName, { kind: 'ALIAS', name: target.roleAlias })
  }
}

/** Writes an attachment as the item of one end. */
export function encodePolicyEdge(edge: PolicyEdge, end: PolicyEdgeEnd): Item {
  const { pk, sk } = policyEdgeKey(edge, end)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KINDS[end]),
    tenantId: text(edge.tenantId),
    target: text(edge.target.kind),
    ...encodeTarget(edge.target),
    policyName: text(edge.policyName),
    generationId: text(edge.generationId),
    attachedAt: instant(edge.attachedAt),
  }
}

function encodeTarget(target: EdgeTarget): Item {
  switch (target.kind) {
    case 'certificate':
      return {
        certificateId: text(target.certificateId),
        registrationId: text(target.registrationId),
      }
    case 'thing-group':
      return { groupName: text(target.groupName), groupId: text(target.groupId) }
    case 'role-alias':
      return { roleAlias: text(target.roleAlias), aliasId: text(target.aliasId) }
  }
}

/**
 * Reads an attachment from the item of one end. Whose edge it is, the caller compares with the record it was read beside.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodePolicyEdge(item: Item, end: PolicyEdgeEnd): PolicyEdge {
  const read = openItem(item, KINDS[end])
  const edge = {
    tenantId: read.parsed('tenantId', parseTenantId),
    target: decodeTarget(read),
    policyName: read.parsed('policyName', parsePolicyName),
    generationId: read.parsed('generationId', parseMadeId),
    attachedAt: read.instant('attachedAt'),
  }
  read.liesAt(policyEdgeKey(edge, end))
  return edge
}

function decodeTarget(read: ItemReader): EdgeTarget {
  const kind = read.oneOf('target', ['certificate', 'thing-group', 'role-alias'])
  switch (kind) {
    case 'certificate':
      return {
        kind,
        certificateId: read.parsed('certificateId', parseCertificateId),
        registrationId: read.parsed('registrationId', parseMadeId),
      }
    case 'thing-group':
      return {
        kind,
        groupName: read.parsed('groupName', parseThingGroupName),
        groupId: read.parsed('groupId', parseMadeId),
      }
    case 'role-alias':
      return {
        kind,
        roleAlias: read.parsed('roleAlias', parseRoleAlias),
        aliasId: read.parsed('aliasId', parseMadeId),
      }
  }
}
