import type { ThingGroupName, ThingName } from '@thingpass/core/names'
import { MAX_GROUPS_OF_A_THING } from '@thingpass/core/registry-writes/thing-groups'
import { type Refused, refuse, succeed } from '../api-error.ts'
import type { Arns, Resource } from '../arn.ts'
import { listOf } from '../compound-shape.ts'
import { ARN, THING_GROUP_NAME, THING_NAME } from '../fields.ts'
import { body, needed } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { flag } from '../shape.ts'
import { unknownThingGroup } from './thing-groups.ts'
import { unknownThing } from './things.ts'

/** Both are named by name or by ARN. */
const MEMBERSHIP = {
  thingGroupName: body(THING_GROUP_NAME),
  thingGroupArn: body(ARN),
  thingName: body(THING_NAME),
  thingArn: body(ARN),
}

const addThingToThingGroup = defineOperation({
  name: 'AddThingToThingGroup',
  method: 'PUT',
  path: '/thing-groups/addThingToThingGroup',
  // There are no dynamic groups to override.
  input: { ...MEMBERSHIP, overrideDynamicGroups: body(flag()) },
  errors: ['ResourceNotFoundException'],
  run: async (input, { registry, arns, tenant }) => {
    const reading = readMembership(input, arns)
    if (!reading.ok) return reading
    const { thingName, groupName } = reading
    const { tenantId } = tenant
    const outcome = await registry.addThingToGroup({ tenantId, thingName, groupName })
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'thing-unknown') return unknownThing(thingName)
    if (outcome.conflict === 'thing-group-unknown') return unknownThingGroup(groupName)
    return refuseMembership(outcome.conflict, thingName)
  },
})

const removeThingFromThingGroup = defineOperation({
  name: 'RemoveThingFromThingGroup',
  method: 'PUT',
  path: '/thing-groups/removeThingFromThingGroup',
  input: MEMBERSHIP,
  errors: ['ResourceNotFoundException'],
  run: async (input, { registry, arns, tenant }) => {
    const reading = readMembership(input, arns)
    if (!reading.ok) return reading
    const { thingName, groupName } = reading
    const { tenantId } = tenant
    // The registry's record of a thing may still name a group that has gone.
    const group = await registry.getThingGroup({ tenantId, groupName })
    if (group === undefined) return unknownThingGroup(groupName)
    const outcome = await registry.removeThingFromGroup({ tenantId, thingName, groupName })
    return outcome.ok ? succeed() : unknownThing(thingName)
  },
})

/** Ours; AWS names no bound. */
const GROUP_NAMES = listOf(THING_GROUP_NAME, 0, 100)

const updateThingGroupsForThing = defineOperation({
  name: 'UpdateThingGroupsForThing',
  method: 'PUT',
  path: '/thing-groups/updateThingGroupsForThing',
  input: {
    thingName: needed(body(THING_NAME)),
    thingGroupsToAdd: body(GROUP_NAMES),
    thingGroupsToRemove: body(GROUP_NAMES),
    overrideDynamicGroups: body(flag()),
  },
  errors: ['ResourceNotFoundException'],
  run: async (input, { registry, tenant }) => {
    const { thingName, thingGroupsToAdd: add = [], thingGroupsToRemove: remove = [] } = input
    const { tenantId } = tenant
    const outcome = await registry.updateThingGroupsForThing({ tenantId, thingName, add, remove })
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'thing-unknown') return unknownThing(thingName)
    if (outcome.conflict !== 'thing-group-unknown') {
      return refuseMembership(outcome.conflict, thingName)
    }
    const message = `One of the thing groups ${add.join(', ')} cannot be found.`
    return refuse('ResourceNotFoundException', message)
  },
})

/** Members of thing groups. */
export const THING_GROUP_MEMBER_OPERATIONS = [
  addThingToThingGroup,
  removeThingFromThingGroup,
  updateThingGroupsForThing,
]

type Membership =
  | { readonly ok: true; readonly thingName: ThingName; readonly groupName: ThingGroupName }
  | Refused<'InvalidRequestException'>

type SentMembership = {
  readonly thingGroupName: ThingGroupName | undefined
  readonly thingGroupArn: string | undefined
  readonly thingName: ThingName | undefined
  readonly thingArn: string | undefined
}

function readMembership(sent: SentMembership, arns: Arns): Membership {
  const group = nameOf(sent.thingGroupName, sent.thingGroupArn, groupIn(arns))
  const thing = nameOf(sent.thingName, sent.thingArn, thingIn(arns))
  if (group === undefined) return notNamed('thingGroupName', 'thingGroupArn')
  if (thing === undefined) return notNamed('thingName', 'thingArn')
  return { ok: true, thingName: thing, groupName: group }
}

/** The name that name and ARN agree on; undefined when neither is there, or when they do not. */
function nameOf<Name extends string>(
  name: Name | undefined,
  arn: string | undefined,
  parse: (arn: string) => Name | undefined,
): Name | undefined {
  if (arn === undefined) return name
  const named = parse(arn)
  return name === undefined || name === named ? named : undefined
}

function resourceOf(arn: string, arns: Arns): Resource | undefined {
  const reading = arns.parse(arn)
  return reading.ok ? reading.resource : undefined
}

function groupIn(arns: Arns): (arn: string) => ThingGroupName | undefined {
  return (arn) => {
    const resource = resourceOf(arn, arns)
    return resource?.kind === 'thing-group' ? resource.groupName : undefined
  }
}

function thingIn(arns: Arns): (arn: string) => ThingName | undefined {
  return (arn) => {
    const resource = resourceOf(arn, arns)
    return resource?.kind === 'thing' ? resource.thingName : undefined
  }
}

function notNamed(name: string, arn: string) {
  const message = `Exactly one resource must be named by ${name}, by a valid ${arn} of this account and region, or by both`
  return refuse('InvalidRequestException', message)
}

/** AWS's words for these are not known. */
function refuseMembership(
  conflict: 'too-many-groups' | 'group-of-same-hierarchy',
  thingName: ThingName,
) {
  const message = {
    'too-many-groups': `Thing ${thingName} can be in at most ${MAX_GROUPS_OF_A_THING} thing groups`,
    'group-of-same-hierarchy': `Thing ${thingName} is already in a thing group of the same hierarchy`,
  }[conflict]
  return refuse('InvalidRequestException', message)
}
