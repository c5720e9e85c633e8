import type { PolicyName, ThingName } from '@thingpass/core/names'
import type { PolicyTarget } from '@thingpass/core/registry-writes/policy-attachments'
import type { OperationContext } from './operation.ts'
import { readWhole } from './pagination.ts'

/** Where policies are looked for. */
type Reader = Pick<OperationContext, 'registry' | 'tenant'>

/** Names of policies in byte order, each once; undefined when what they are asked of is not there. */
type PolicyNames = Promise<readonly PolicyName[] | undefined>

/** Names of the policies of a target; of a group with those that its parents hand down. */
export async function policiesOfTarget(
  target: PolicyTarget,
  { registry, tenant }: Reader,
): PolicyNames {
  const { tenantId } = tenant
  const names = await readWhole((page) =>
    registry.listAttachedPolicies({ tenantId, target, recursive: true, ...page }),
  )
  return 'ok' in names ? undefined : names
}

/** Names of the policies that a thing's groups and their parents give it; a group that has gone meanwhile has none. */
export async function policiesOfThing(thingName: ThingName, reader: Reader): PolicyNames {
  const { registry, tenant } = reader
  const thing = await registry.getThing({ tenantId: tenant.tenantId, thingName })
  if (thing === undefined) return undefined
  const lists = await Promise.all(
    thing.directGroups.map((groupName) =>
      policiesOfTarget({ kind: 'thing-group', groupName }, reader),
    ),
  )
  return inByteOrder(lists.flatMap((names) => names ?? []))
}

/** Names in byte order, each once. They are ASCII, so code units compare as bytes do. */
export function inByteOrder(names: readonly PolicyName[]): readonly PolicyName[] {
  return [...new Set(names)].toSorted((one, other) => (one < other ? -1 : 1))
}
