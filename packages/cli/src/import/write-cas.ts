import type { Destination, OpenDestination } from './destination.ts'
import { createUnlessKnown } from './destination.ts'
import { gather } from './fleet-reader.ts'
import type { RecordOf } from './fleet-record.ts'
import type { IotSource } from './iot-source.ts'
import { listCas } from './read-certificates.ts'

/** Registers a CA without proof of possession, as only an administrator may. */
export type CopyCa = (ca: RecordOf<'ca'>) => Promise<void>

/** Copies CA certificates. */
export function openCas(target: IotSource, copyCa: CopyCa): OpenDestination {
  return async (): Promise<Destination> => {
    const known = new Set(await gather((marker) => listCas(target, marker)))
    return createUnlessKnown<RecordOf<'ca'>>(
      known,
      ({ id }) => id,
      async (ca) => {
        if (!known.has(ca.id)) await copyCa(ca)
      },
    )
  }
}
