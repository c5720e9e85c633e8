import { Fault } from '@thingpass/core/fault'
import type { TenantId } from '@thingpass/core/names'
import type { PolicyDocument } from '@thingpass/core/policy/document'
import type { GroupMembership } from '@thingpass/core/records'
import type { Item } from './attributes.ts'
import { decodePolicyEdge, type PolicyEdge } from './items/policy-edge.ts'
import { liveGroups, type Membership } from './items/thing.ts'
import { decodeThingGroup } from './items/thing-group.ts'
import { thingGroupKey } from './keys.ts'
import type { GroupMemory, GroupReference, GroupState, PolicyReference } from './policy-cache.ts'
import { cacheKey } from './policy-cache-keys.ts'
import { isMeta } from './read-facts-certificate.ts'
import type { PolicyFinder } from './read-facts-policies.ts'
import { allRead, type Read, type RoundReader } from './read-rounds.ts'

/** A group that counts, and what is attached to it. */
export type LiveGroup = GroupMembership & { readonly policies: readonly PolicyReference[] }

/**
 * The groups of a closure that are there with the id that the closure names, each once; absent until all were read.
 * @throws {Fault} REGISTRY_UNREADABLE, REGISTRY_INCONSISTENT
 */
export type GatherGroups = (
  tenantId: TenantId,
  memberships: readonly Membership[],
) => Read<readonly LiveGroup[]> | undefined

/** What groups are gathered from; `now` is when the request began. */
export type GroupSource = {
  readonly reader: RoundReader
  readonly memory: GroupMemory
  readonly policies: PolicyFinder<PolicyDocument>
  readonly now: Date
}

/** Makes the gatherer of one request. */
export function createGroupGatherer(source: GroupSource): GatherGroups {
  const stateOf = createGroupFinder(source)
  return (tenantId, memberships) => {
    const read = allRead(
      memberships.map((group) => {
        const state = stateOf({ ...group, tenantId })
        return state && { value: [nameOf(group), state.value] as const }
      }),
    )
    const states = read && new Map(read.value)
    return states && { value: liveOf(memberships, states) }
  }
}

const nameOf = ({ groupName, groupId }: GroupMembership): string => `${groupName}#${groupId}`

function liveOf(
  memberships: readonly Membership[],
  states: ReadonlyMap<string, GroupState>,
): readonly LiveGroup[] {
  const live = liveGroups(memberships, (group) => states.get(nameOf(group))?.live === true)
  const distinct = new Map(live.map((group) => [group.groupName, group])) // several paths may lead to one
  return [...distinct.values()].map((group) => ({
    ...group,
    policies: states.get(nameOf(group))?.policies ?? [],
  }))
}

/**
 * Finds groups in memory or in the registry. Remembered edges count only while all their policies are remembered too:
 * so no policy is ever read for an edge that may have gone since, and the rounds stay at four.
 */
function createGroupFinder({ reader, memory, policies, now }: GroupSource) {
  const found = new Map<string, GroupState | undefined>() // decided once for the request
  const remembered = (group: GroupReference): GroupState | undefined => {
    const state = memory.find(group, now)
    const whole = state?.policies.every((policy) => policies.recall(policy) !== undefined) === true
    return whole ? state : undefined
  }
  return (group: GroupReference): Read<GroupState> | undefined => {
    const key = cacheKey.group(group)
    if (!found.has(key)) found.set(key, remembered(group))
    const known = found.get(key)
    if (known !== undefined) return { value: known }
    const rows = reader.partition(thingGroupKey(group.tenantId, group.groupName).pk)
    if (rows === undefined) return undefined
    const state = groupState(group, rows.value)
    memory.keep(group, state, now)
    found.set(key, state)
    return { value: state }
  }
}

const GONE: GroupState = Object.freeze({ live: false, policies: [] })

function groupState(group: GroupReference, rows: readonly Item[]): GroupState {
  const [meta] = rows.filter(isMeta)
  const live = meta !== undefined && decodeThingGroup(meta).groupId === group.groupId
  if (!live) return GONE
  const edges = rows.filter((row) => !isMeta(row)).map((row) => decodePolicyEdge(row, 'target'))
  for (const edge of edges) requireOwn(edge, group)
  return { live, policies: edges }
}

/** Refuses an edge that an earlier group of the same name left behind; its tenant is in its key. */
function requireOwn({ target, policyName }: PolicyEdge, group: GroupReference): void {
  const own = target.kind === 'thing-group' && target.groupId === group.groupId
  if (own) return
  const what = `the edge from thing group ${group.groupName} to policy ${policyName}`
  throw new Fault('REGISTRY_INCONSISTENT', `${what} is of another group`)
}
