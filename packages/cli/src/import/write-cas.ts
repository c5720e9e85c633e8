import { TagResourceCommand } from '@aws-sdk/client-iot'
import type { Destination, OpenDestination } from './destination.ts'
import { createUnlessKnown, tagList } from './destination.ts'
import { gather } from './fleet-reader.ts'
import type { Place, RecordOf } from './fleet-record.ts'
import type { IotSource } from './iot-source.ts'
import { listCas } from './read-certificates.ts'

/** Registers a CA without proof of possession, as only an administrator may. */
export type CopyCa = (ca: RecordOf<'ca'>) => Promise<void>

/** Copies CA certificates. */
export function openCas(target: IotSource, place: Place, copyCa: CopyCa): OpenDestination {
  return async (): Promise<Destination> => {
    const known = new Set(await gather((marker) => listCas(target, marker)))
    return createUnlessKnown<RecordOf<'ca'>>(
      known,
      ({ id }) => id,
      async (ca) => {
        if (!known.has(ca.id)) await copyCa(ca)
        const tags = tagList(ca.tags)
        if (tags === undefined) return
        // The administrator's route takes no tags.
        const resourceArn = `arn:${place.partition}:iot:${place.region}:${place.account}:cacert/${ca.id}`
        await target.call(() => target.client.send(new TagResourceCommand({ resourceArn, tags })))
      },
    )
  }
}
