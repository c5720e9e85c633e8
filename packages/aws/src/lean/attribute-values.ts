import type { Item } from '../registry/attributes.ts'

/** Deepest nesting of an attribute. Source: DynamoDB quotas. */
const DEEPEST = 32

/**
 * Takes parsed JSON as an item, in place: only bytes have another form on the wire. A place in JSON keeps each name its own property, `__proto__`
 * as any other; a copy would not.
 * @throws {TypeError} when it is no item
 */
export function asItem(value: unknown): Item {
  const item = asRecord(value)
  for (const each of Object.values(item)) checkValue(each, 0)
  return item as Item
}

/**
 * Takes parsed JSON as a list of items.
 * @throws {TypeError} when it is none
 */
export function asItems(value: unknown): Item[] {
  return asList(value).map(asItem)
}

/**
 * Takes parsed JSON as an object.
 * @throws {TypeError} when it is none
 */
export function asRecord(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isRecord) return value as Record<string, unknown>
  throw new TypeError('not an object')
}

/** One check for each type; what is of no known type is of no use to anyone here. */
const CHECKS = new Map<string, (value: unknown, depth: number) => unknown>([
  ['S', asText],
  ['N', asText],
  ['B', asBytes],
  ['BOOL', asTruth],
  ['NULL', asTruth],
  ['SS', (value) => asList(value).map(asText)],
  ['NS', (value) => asList(value).map(asText)],
  ['BS', (value) => asList(value).map(asBytes)],
  ['L', checkList],
  ['M', checkMap],
])

function checkValue(value: unknown, depth: number): void {
  const wrapped = asRecord(value)
  const [type, ...others] = Object.keys(wrapped)
  const check = others.length === 0 && depth <= DEEPEST ? CHECKS.get(type ?? '') : undefined
  if (type === undefined || check === undefined) throw new TypeError('not an attribute')
  wrapped[type] = check(wrapped[type], depth)
}

function checkList(value: unknown, depth: number): unknown {
  const list = asList(value)
  for (const each of list) checkValue(each, depth + 1)
  return list
}

function checkMap(value: unknown, depth: number): unknown {
  const map = asRecord(value)
  for (const each of Object.values(map)) checkValue(each, depth + 1)
  return map
}

/**
 * Takes parsed JSON as a list.
 * @throws {TypeError} when it is none
 */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new TypeError('not a list')
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError('not a text')
}

function asTruth(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new TypeError('not a truth value')
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function asBytes(value: unknown): Uint8Array {
  const text = asText(value)
  if (!BASE64.test(text)) throw new TypeError('not bytes')
  return new Uint8Array(Buffer.from(text, 'base64'))
}
