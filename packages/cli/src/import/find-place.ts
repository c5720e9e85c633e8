import {
  ListAttachedPoliciesCommand,
  ListThingsCommand,
  ListThingTypesCommand,
} from '@aws-sdk/client-iot'
import type { Place } from './fleet-record.ts'
import type { IotSource } from './iot-source.ts'
import { listPolicies } from './read-policies.ts'
import { partitionOf, placeOf } from './rewrite-arns.ts'
import { isNotFound, readRefusal } from './service-refusal.ts'

/** Where the ARNs of an account or tenant point, from the first that it has; undefined where it has none. Shows, too, whether it can be read at all. */
export async function findOwnPlace(source: IotSource): Promise<Place | undefined> {
  const { client, call } = source
  const { things } = await call(() => client.send(new ListThingsCommand({ maxResults: 1 })))
  const fromThing = placeOf(things?.[0]?.thingArn)
  if (fromThing !== undefined) return fromThing
  const policies = await listPolicies(source, undefined)
  const fromPolicy = placeOf(policies.items[0]?.arn)
  if (fromPolicy !== undefined) return fromPolicy
  const { thingTypes } = await call(() => client.send(new ListThingTypesCommand({ maxResults: 1 })))
  return placeOf(thingTypes?.[0]?.thingTypeArn)
}

const NO_CERTIFICATE = '0'.repeat(64)

/**
 * Finds the account of a deployment among some: asked about a certificate of the right account, the control plane says that it
 * does not exist; of any other account, that the ARN is not valid.
 */
export async function findAccount(
  { client, call }: IotSource,
  region: string,
  accounts: readonly string[],
): Promise<Place | undefined> {
  const partition = partitionOf(region)
  for (const account of accounts) {
    const target = `arn:${partition}:iot:${region}:${account}:cert/${NO_CERTIFICATE}`
    try {
      await call(() => client.send(new ListAttachedPoliciesCommand({ target })))
      return { partition, region, account }
    } catch (thrown) {
      if (isNotFound(thrown)) return { partition, region, account }
      if (readRefusal(thrown).code !== 'InvalidRequestException') throw thrown
    }
  }
  return undefined
}
