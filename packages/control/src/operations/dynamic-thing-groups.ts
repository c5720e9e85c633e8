import { refuse } from '../api-error.ts'
import { THING_GROUP_NAME } from '../fields.ts'
import { label } from '../members.ts'
import { defineOperation } from '../operation.ts'

/** A dynamic group follows a search of AWS's fleet index, which does not exist here: its routes say so. */
function unsupported(name: string, method: 'POST' | 'PATCH' | 'DELETE') {
  return defineOperation({
    name,
    method,
    path: '/dynamic-thing-groups/{thingGroupName}',
    input: { thingGroupName: label(THING_GROUP_NAME) },
    errors: [],
    run: async () =>
      refuse('InvalidRequestException', 'Dynamic thing groups are not supported here'),
  })
}

/** Dynamic thing groups, which are left out. */
export const DYNAMIC_THING_GROUP_OPERATIONS = [
  unsupported('CreateDynamicThingGroup', 'POST'),
  unsupported('UpdateDynamicThingGroup', 'PATCH'),
  unsupported('DeleteDynamicThingGroup', 'DELETE'),
]
