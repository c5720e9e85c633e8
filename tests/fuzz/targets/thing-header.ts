import { deepStrictEqual, match, strictEqual } from 'node:assert'
import type { ThingHeader } from '@thingpass/core/request'
import { readThingHeader, readThingHeaderLists } from '@thingpass/functions/front-door/thing-header'
import { type FuzzTarget, jsonOfInput } from '../fuzz-target.ts'

const NAME = 'x-amzn-iot-thingname'

/** The thing header: a thing is named by exactly one value of one header, or not at all. */
export const THING_HEADER: FuzzTarget = {
  name: 'thing-header',
  format: 'json',
  seeds: () =>
    [
      { [NAME]: 'cam-1', host: 'a' },
      { 'X-Amzn-Iot-ThingName': ['cam-1'], host: ['a', 'b'] },
      { [NAME]: ['cam-1', 'cam-2'] },
      { [NAME]: 'cam-1,cam-2' },
      { [NAME]: '' },
      {},
    ].map((headers) => JSON.stringify(headers)),
  dictionary: [NAME, NAME.toUpperCase(), 'cam-1', ',', ' ', '\t', '\0', 'a:b', 'x'.repeat(128)],
  run: (input) => {
    const json = jsonOfInput(input)
    if (typeof json !== 'object' || json === null) return
    const headers = Object.entries(json)
    check(
      readThingHeader(json as never),
      valuesOf(headers, (value) => [value]),
    )
    check(
      readThingHeaderLists(json as never),
      valuesOf(headers, (value) => (Array.isArray(value) ? value : [value])),
    )
  },
}

function valuesOf(
  headers: readonly (readonly [string, unknown])[],
  listOf: (value: unknown) => readonly unknown[],
): readonly unknown[] {
  return headers
    .filter(([name]) => name.toLowerCase() === NAME)
    .flatMap(([, value]) => listOf(value))
}

function check(read: ThingHeader, values: readonly unknown[]): void {
  if (read.kind === 'absent') strictEqual(values.length, 0)
  if (read.kind !== 'named') return
  // A gateway sends texts; what is none is read as one, and never as several.
  deepStrictEqual(values.flat(9).map(String), [read.thingName])
  match(read.thingName, /^[a-zA-Z0-9:_-]{1,128}$/)
}
