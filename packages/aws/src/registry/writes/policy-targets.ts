import type { TenantId } from '@thingpass/core/names'
import type { PolicyTarget } from '@thingpass/core/registry-writes/policy-attachments'
import { type Item, text } from '../attributes.ts'
import type { EdgeTarget } from '../items/policy-edge.ts'
import { certificateKey, type ItemKey, roleAliasKey, thingGroupKey } from '../keys.ts'
import { readCertificate } from './certificate-reads.ts'
import { readRoleAlias } from './role-aliases.ts'
import { readThingGroup } from './thing-group-parts.ts'
import type { Registry } from './transaction.ts'

/** A live target of policy attachments. */
export type Target = {
  readonly identity: EdgeTarget
  readonly key: ItemKey
  /** Attributes that tell this record from a later one of the same name. */
  readonly same: Item
  readonly policyCount: number
  /** As the audit names it. */
  readonly subject: string
}

/** Reads what a policy is to be attached to, or is attached to. */
export function readTarget(
  registry: Registry,
  tenantId: TenantId,
  target: PolicyTarget,
): Promise<Target | undefined> {
  switch (target.kind) {
    case 'certificate':
      return certificateTarget(registry, { tenantId, certificateId: target.certificateId })
    case 'thing-group':
      return groupTarget(registry, { tenantId, groupName: target.groupName })
    case 'role-alias':
      return aliasTarget(registry, { tenantId, roleAlias: target.roleAlias })
  }
}

async function certificateTarget(
  registry: Registry,
  identity: Parameters<typeof readCertificate>[1],
): Promise<Target | undefined> {
  const certificate = await readCertificate(registry, identity)
  if (!certificate) return undefined
  const { certificateId, registrationId } = certificate.record
  return {
    identity: { kind: 'certificate', certificateId, registrationId },
    key: certificateKey(certificateId),
    same: { registrationId: text(registrationId) },
    policyCount: certificate.policyCount,
    subject: `cert/${certificateId}`,
  }
}

async function groupTarget(
  registry: Registry,
  identity: Parameters<typeof readThingGroup>[1],
): Promise<Target | undefined> {
  const group = await readThingGroup(registry, identity)
  if (!group) return undefined
  const { groupName, groupId, policyCount } = group
  return {
    identity: { kind: 'thing-group', groupName, groupId },
    key: thingGroupKey(identity.tenantId, groupName),
    same: { groupId: text(groupId) },
    policyCount,
    subject: `thinggroup/${groupName}`,
  }
}

async function aliasTarget(
  registry: Registry,
  identity: Parameters<typeof readRoleAlias>[1],
): Promise<Target | undefined> {
  const alias = await readRoleAlias(registry, identity)
  if (!alias) return undefined
  const { aliasId, policyCount } = alias
  const { roleAlias } = identity
  return {
    identity: { kind: 'role-alias', roleAlias, aliasId },
    key: roleAliasKey(identity.tenantId, roleAlias),
    same: { aliasId: text(aliasId) },
    policyCount,
    subject: `rolealias/${roleAlias}`,
  }
}
