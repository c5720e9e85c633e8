import type { ThingName, ThingTypeName } from '@thingpass/core/names'
import { MAX_ATTRIBUTES_OF_A_THING } from '@thingpass/core/registry-writes/things'
import { type Refused, refuse, succeed } from '../api-error.ts'
import { unsupportedText } from '../compound-shape.ts'
import { ATTRIBUTE_PAYLOAD, EXPECTED_VERSION, THING_NAME, THING_TYPE_NAME } from '../fields.ts'
import { body, label, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { flag } from '../shape.ts'

const createThing = defineOperation({
  name: 'CreateThing',
  method: 'POST',
  path: '/things/{thingName}',
  input: {
    thingName: label(THING_NAME),
    thingTypeName: body(THING_TYPE_NAME),
    attributePayload: body(ATTRIBUTE_PAYLOAD),
    billingGroupName: body(unsupportedText('Billing groups')),
  },
  errors: ['ResourceAlreadyExistsException', 'ResourceNotFoundException'],
  run: async ({ thingName, thingTypeName, attributePayload }, { registry, arns, tenant }) => {
    const outcome = await registry.createThing({
      tenantId: tenant.tenantId,
      thingName,
      ...(thingTypeName === undefined ? {} : { thingTypeName }),
      attributes: attributePayload?.attributes ?? new Map(),
    })
    const thingArn = arns.format({ kind: 'thing', thingName })
    if (outcome.ok) return succeed({ thingName, thingArn, thingId: outcome.thingId })
    if (outcome.conflict !== 'thing-exists') {
      return refuseContent(outcome.conflict, { thingName, thingTypeName })
    }
    const message = `Thing ${thingName} already exists in account with different attributes`
    return refuse('ResourceAlreadyExistsException', message, { id: thingName, arn: thingArn })
  },
})

const describeThing = defineOperation({
  name: 'DescribeThing',
  method: 'GET',
  path: '/things/{thingName}',
  input: { thingName: label(THING_NAME) },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingName }, { registry, arns, tenant }) => {
    const thing = await registry.getThing({ tenantId: tenant.tenantId, thingName })
    if (thing === undefined) return unknownThing(thingName)
    const { record, version } = thing
    return succeed({
      defaultClientId: thingName,
      thingName,
      thingId: record.thingId,
      thingArn: arns.format({ kind: 'thing', thingName }),
      thingTypeName: record.thingTypeName,
      attributes: Object.fromEntries(record.attributes),
      version,
    })
  },
})

const updateThing = defineOperation({
  name: 'UpdateThing',
  method: 'PATCH',
  path: '/things/{thingName}',
  input: {
    thingName: label(THING_NAME),
    thingTypeName: body(THING_TYPE_NAME),
    attributePayload: body(ATTRIBUTE_PAYLOAD),
    expectedVersion: body(EXPECTED_VERSION),
    removeThingType: body(flag()),
  },
  errors: ['ResourceNotFoundException', 'VersionConflictException'],
  run: async (input, { registry, tenant }) => {
    const { thingName, thingTypeName, attributePayload, expectedVersion, removeThingType } = input
    if (removeThingType === true && thingTypeName !== undefined) {
      const message = 'thingTypeName and removeThingType cannot be given together'
      return refuse('InvalidRequestException', message)
    }
    const newType = removeThingType === true ? null : thingTypeName
    const outcome = await registry.updateThing({
      tenantId: tenant.tenantId,
      thingName,
      ...(newType === undefined ? {} : { thingTypeName: newType }),
      ...(attributePayload?.attributes && { attributes: attributePayload.attributes }),
      merge: attributePayload?.merge ?? false,
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
    })
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'thing-unknown') return unknownThing(thingName)
    if (outcome.conflict === 'version-conflict') return versionConflict(thingName)
    return refuseContent(outcome.conflict, { thingName, thingTypeName })
  },
})

const deleteThing = defineOperation({
  name: 'DeleteThing',
  method: 'DELETE',
  path: '/things/{thingName}',
  input: { thingName: label(THING_NAME), expectedVersion: query(EXPECTED_VERSION) },
  errors: ['VersionConflictException'],
  run: async ({ thingName, expectedVersion }, { registry, tenant }) => {
    const outcome = await registry.deleteThing({
      tenantId: tenant.tenantId,
      thingName,
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
    })
    // AWS answers the deletion of a thing that is not there with success.
    if (outcome.ok || outcome.conflict === 'thing-unknown') return succeed()
    if (outcome.conflict === 'version-conflict') return versionConflict(thingName)
    const message = `Cannot delete. Thing ${thingName} is still attached to one or more principals`
    return refuse('InvalidRequestException', message)
  },
})

/** Things. */
export const THING_OPERATIONS = [createThing, describeThing, updateThing, deleteThing]

/** The thing is not there, or is another tenant's. */
export function unknownThing(thingName: ThingName) {
  return refuse('ResourceNotFoundException', `Thing ${thingName} cannot be found.`)
}

function versionConflict(thingName: ThingName) {
  const message = `The version for thing ${thingName} does not match the expected version.`
  return refuse('VersionConflictException', message)
}

/** Why a thing cannot be as it is wanted. */
function refuseContent(
  conflict: 'thing-type-unknown' | 'thing-type-deprecated' | 'too-many-attributes',
  {
    thingName,
    thingTypeName,
  }: { readonly thingName: ThingName; readonly thingTypeName: ThingTypeName | undefined },
): Refused<'ResourceNotFoundException' | 'InvalidRequestException'> {
  switch (conflict) {
    case 'thing-type-unknown':
      return refuse('ResourceNotFoundException', `Thing type ${thingTypeName} cannot be found.`)
    case 'thing-type-deprecated':
      return refuse(
        'InvalidRequestException',
        // The spelling is AWS's: scripts match it.
        `Can not create new thing with depreated thing type:${thingTypeName}`,
      )
    case 'too-many-attributes':
      return refuse(
        'InvalidRequestException',
        `Thing ${thingName} can have at most ${MOST['with-type']} attributes, and ${MOST['without-type']} without a thing type`,
      )
  }
}

const MOST = MAX_ATTRIBUTES_OF_A_THING
