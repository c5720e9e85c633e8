/** Where a value stands in a policy, from the outside in. */
export type JsonPath = readonly (string | number)[]

/** Makes a copy of a JSON value in which each string is replaced by what the function makes of it. Keys stay. */
export function mapStrings(
  value: unknown,
  change: (text: string, path: JsonPath) => string,
  path: JsonPath = [],
): unknown {
  if (typeof value === 'string') return change(value, path)
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => mapStrings(item, change, [...path, index]))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, mapStrings(member, change, [...path, key])]),
  )
}
