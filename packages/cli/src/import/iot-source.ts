import type { IoTClient } from '@aws-sdk/client-iot'
import type { Call } from './fleet-reader.ts'

/** An account of AWS IoT, or a tenant here, to read from. */
export type IotSource = {
  readonly client: IoTClient
  readonly call: Call
}

/** Most items of one page. Source: AWS IoT API model (PageSize, MaxResults). */
export const PAGE_SIZE = 250

/** Leaves out the members that have no value, which an SDK writes as undefined. */
export function withValues<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as never
}

/**
 * A member that AWS always sends.
 * @throws when the answer lacks it
 */
export function needed<Value>(value: Value | undefined, member: string): Value {
  if (value === undefined) throw new Error(`the answer has no ${member}`)
  return value
}

/** Text members in the order of their names, so that equal settings make equal lines. */
export function sorted(members: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
}
