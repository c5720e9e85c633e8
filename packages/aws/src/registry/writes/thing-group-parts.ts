import type { TenantId } from '@thingpass/core/names'
import type { GroupMembership } from '@thingpass/core/records'
import {
  MAX_CHILDREN_OF_A_GROUP,
  type ThingGroupIdentity,
} from '@thingpass/core/registry-writes/thing-groups'
import { text } from '../attributes.ts'
import { decodeThingGroup, type ThingGroupItem } from '../items/thing-group.ts'
import { thingGroupKey } from '../keys.ts'
import type { Registry } from './transaction.ts'

/** Reads a thing group of a tenant. */
export async function readThingGroup(
  registry: Registry,
  { tenantId, groupName }: ThingGroupIdentity,
): Promise<ThingGroupItem | undefined> {
  const item = await registry.get(thingGroupKey(tenantId, groupName))
  return item && decodeThingGroup(item)
}

/** The parent's count of children holds it in place: its id in a child's closure stays true. */
export const countChild = (
  registry: Registry,
  parent: GroupMembership,
  { tenantId, by }: { readonly tenantId: TenantId; readonly by: 1 | -1 },
) =>
  registry.update(
    thingGroupKey(tenantId, parent.groupName),
    { add: { childCount: by } },
    {
      equal: { groupId: text(parent.groupId) },
      ...(by === 1 && { below: { childCount: MAX_CHILDREN_OF_A_GROUP } }),
    },
  )

/** An audit record of a group, begun. */
export const auditOf = ({ tenantId, groupName }: ThingGroupIdentity, action: string) => ({
  tenantId,
  action,
  subject: `thinggroup/${groupName}`,
})

/** What the audit says of a group. */
export const summaryOf = ({
  description,
  attributes,
}: {
  readonly description: string | undefined
  readonly attributes: ReadonlyMap<string, string>
}) => ({ description, attributes: JSON.stringify(Object.fromEntries(attributes)) })
