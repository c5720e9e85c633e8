import {
  DescribeThingTypeCommand,
  ListThingPrincipalsV2Command,
  ListThingsCommand,
  ListThingTypesCommand,
} from '@aws-sdk/client-iot'
import { type EntryPage, gather, listAll, pageOf, type ReadCollection } from './fleet-reader.ts'
import type { FleetRecord, RecordOf, ThingPrincipal } from './fleet-record.ts'
import { type IotSource, needed, PAGE_SIZE, sorted, withValues } from './iot-source.ts'
import { readTags } from './read-tags.ts'
import { resourceOf } from './rewrite-arns.ts'

/** Reads thing types with their tags. */
export function readThingTypes(source: IotSource): ReadCollection {
  const { client, call } = source
  return async function* (cursor) {
    const list = async (nextToken: string | undefined) => {
      const command = new ListThingTypesCommand({ nextToken, maxResults: PAGE_SIZE })
      const answer = await call(() => client.send(command))
      return { items: answer.thingTypes ?? [], next: answer.nextToken }
    }
    for await (const { items, next } of listAll(list, cursor)) {
      const entries = items.map(({ thingTypeName }) => {
        const key = needed(thingTypeName, 'thingTypeName')
        return { key, load: () => readThingType(source, key) }
      })
      yield withValues({ entries, next }) as EntryPage
    }
  }
}

async function readThingType(source: IotSource, name: string): Promise<FleetRecord> {
  const { client, call } = source
  const command = new DescribeThingTypeCommand({ thingTypeName: name })
  const { thingTypeArn, thingTypeProperties, thingTypeMetadata } = await call(() =>
    client.send(command),
  )
  const description = thingTypeProperties?.thingTypeDescription
  return {
    kind: 'thing-type',
    name,
    ...(description === undefined || description === '' ? {} : { description }),
    searchableAttributes: thingTypeProperties?.searchableAttributes ?? [],
    deprecated: thingTypeMetadata?.deprecated ?? false,
    tags: await readTags(source, needed(thingTypeArn, 'thingTypeArn')),
  }
}

/** Reads things; the listing says all there is of one. */
export function readThings(source: IotSource): ReadCollection {
  return async function* (cursor) {
    for await (const { items, next } of listAll((token) => listThings(source, token), cursor)) {
      yield pageOf(
        items.map((record) => ({ key: record.name, record })),
        next,
      )
    }
  }
}

async function listThings({ client, call }: IotSource, nextToken: string | undefined) {
  const command = new ListThingsCommand({ nextToken, maxResults: PAGE_SIZE })
  const answer = await call(() => client.send(command))
  const items = (answer.things ?? []).map(
    ({ thingName, thingTypeName, attributes }): RecordOf<'thing'> => ({
      kind: 'thing',
      name: needed(thingName, 'thingName'),
      ...(thingTypeName === undefined ? {} : { type: thingTypeName }),
      attributes: sorted(attributes),
    }),
  )
  return { items, next: answer.nextToken }
}

/** Reads what each thing is attached to, a call for each thing. */
export function readThingPrincipals(source: IotSource): ReadCollection {
  return async function* (cursor) {
    for await (const { items, next } of listAll((token) => listThings(source, token), cursor)) {
      const entries = items.map(({ name }) => ({
        key: name,
        load: async (): Promise<FleetRecord> => ({
          kind: 'thing-principals',
          thing: name,
          principals: await principalsOfThing(source, name),
        }),
      }))
      yield withValues({ entries, next }) as EntryPage
    }
  }
}

/** What one thing is attached to, in the order of the names. */
export async function principalsOfThing(
  { client, call }: IotSource,
  thingName: string,
): Promise<readonly ThingPrincipal[]> {
  const found = await gather(async (nextToken) => {
    const command = new ListThingPrincipalsV2Command({
      thingName,
      nextToken,
      maxResults: PAGE_SIZE,
    })
    const answer = await call(() => client.send(command))
    return { items: answer.thingPrincipalObjects ?? [], next: answer.nextToken }
  })
  const principals = found.map(({ principal, thingPrincipalType }): ThingPrincipal => {
    const arn = needed(principal, 'principal')
    const resource = resourceOf(arn)
    const exclusive = thingPrincipalType === 'EXCLUSIVE_THING'
    return resource?.kind === 'cert'
      ? { kind: 'certificate', name: resource.name, exclusive }
      : { kind: 'other', name: arn, exclusive }
  })
  return principals.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}
