import {
  AttachThingPrincipalCommand,
  CreateThingCommand,
  CreateThingTypeCommand,
  DeprecateThingTypeCommand,
  DescribeThingTypeCommand,
  ListThingsCommand,
  ListThingTypesCommand,
} from '@aws-sdk/client-iot'
import { createUnlessKnown, type OpenDestination, tagList } from './destination.ts'
import { gather } from './fleet-reader.ts'
import type { Place, RecordOf } from './fleet-record.ts'
import { type IotSource, needed, PAGE_SIZE } from './iot-source.ts'
import { principalsOfThing } from './read-things.ts'

/** Writes thing types, none of them deprecated yet: things of them are still to come. */
export function openThingTypes(target: IotSource): OpenDestination {
  const { client, call } = target
  return async () => {
    const types = await gather(async (nextToken) => {
      const command = new ListThingTypesCommand({ nextToken, maxResults: PAGE_SIZE })
      const answer = await call(() => client.send(command))
      return { items: answer.thingTypes ?? [], next: answer.nextToken }
    })
    const known = new Set(types.map(({ thingTypeName }) => needed(thingTypeName, 'thingTypeName')))
    return createUnlessKnown<RecordOf<'thing-type'>>(
      known,
      ({ name }) => name,
      (type) => call(() => client.send(new CreateThingTypeCommand(typeInput(type)))),
    )
  }
}

function typeInput(type: RecordOf<'thing-type'>) {
  return {
    thingTypeName: type.name,
    thingTypeProperties: {
      thingTypeDescription: type.description,
      searchableAttributes: [...type.searchableAttributes],
    },
    tags: tagList(type.tags),
  }
}

/** Deprecates the thing types that are deprecated at the source, once their things are there. */
export function openDeprecations({ client, call }: IotSource): OpenDestination {
  return async () => ({
    known: new Set(),
    write: async (record) => {
      const { name: thingTypeName } = record as RecordOf<'thing-type'>
      const describe = new DescribeThingTypeCommand({ thingTypeName })
      const { thingTypeMetadata } = await call(() => client.send(describe))
      if (thingTypeMetadata?.deprecated === true) return 'already'
      await call(() => client.send(new DeprecateThingTypeCommand({ thingTypeName })))
      return 'created'
    },
  })
}

/** Writes things. */
export function openThings({ client, call }: IotSource): OpenDestination {
  return async () => {
    const things = await gather(async (nextToken) => {
      const command = new ListThingsCommand({ nextToken, maxResults: PAGE_SIZE })
      const answer = await call(() => client.send(command))
      return { items: answer.things ?? [], next: answer.nextToken }
    })
    const known = new Set(things.map(({ thingName }) => needed(thingName, 'thingName')))
    return createUnlessKnown<RecordOf<'thing'>>(
      known,
      ({ name }) => name,
      ({ name: thingName, type: thingTypeName, attributes }) => {
        const attributePayload = { attributes }
        const command = new CreateThingCommand({ thingName, thingTypeName, attributePayload })
        return call(() => client.send(command))
      },
    )
  }
}

/** Attaches things to their certificates, as far as they are not. */
export function openThingPrincipals(target: IotSource, place: Place): OpenDestination {
  const { client, call } = target
  return async () => ({
    known: new Set(),
    write: async (record) => {
      const { thing: thingName, principals } = record as RecordOf<'thing-principals'>
      const attached = await principalsOfThing(target, thingName)
      const isThere = (one: (typeof principals)[number]) =>
        attached.some(({ name, exclusive }) => name === one.name && exclusive === one.exclusive)
      const missing = principals.filter((one) => !isThere(one))
      for (const { name, exclusive } of missing) {
        const command = new AttachThingPrincipalCommand({
          thingName,
          principal: certificateArn(name, place),
          thingPrincipalType: exclusive ? 'EXCLUSIVE_THING' : 'NON_EXCLUSIVE_THING',
        })
        await call(() => client.send(command))
      }
      return missing.length === 0 ? 'already' : 'created'
    },
  })
}

/** The ARN of a certificate here. */
function certificateArn(id: string, { partition, region, account }: Place): string {
  return `arn:${partition}:iot:${region}:${account}:cert/${id}`
}
