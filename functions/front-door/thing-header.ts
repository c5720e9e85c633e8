import { parseThingName } from '@thingpass/core/names'
import type { ThingHeader } from '@thingpass/core/request'

const HEADER = 'x-amzn-iot-thingname'

/**
 * Reads the thing header. Gateways join repeated headers with a comma, which no thing name holds, so a repeated header
 * is malformed whatever its values are; so is one that comes twice under names of different letter case.
 */
export function readThingHeader(
  headers: Readonly<Record<string, string | undefined>>,
): ThingHeader {
  const values = Object.keys(headers)
    .filter((name) => name.toLowerCase() === HEADER)
    .map((name) => headers[name])
  if (values.length === 0) return { kind: 'absent' }
  const thingName = values.length === 1 ? parseThingName(values[0]) : undefined
  return thingName === undefined ? { kind: 'malformed' } : { kind: 'named', thingName }
}

/**
 * Reads the thing header from lists of values, where repeated headers are not joined: they are joined here, so that one that came
 * twice is malformed whatever its values are.
 */
export function readThingHeaderLists(headers: Readonly<Record<string, unknown>>): ThingHeader {
  const joined = Object.entries(headers).map(
    ([name, values]) => [name, Array.isArray(values) ? values.join(',') : undefined] as const,
  )
  return readThingHeader(Object.fromEntries(joined))
}
