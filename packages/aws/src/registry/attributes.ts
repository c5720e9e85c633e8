import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'
import type { ItemKey } from './keys.ts'

/** One item as DynamoDB's client gives and takes it. */
export type Item = Record<string, AttributeValue>

/** A string attribute. */
export const text = (value: string): AttributeValue => ({ S: value })
/** A number attribute. */
export const number = (value: number): AttributeValue => ({ N: String(value) })
/** A truth value. */
export const flag = (value: boolean): AttributeValue => ({ BOOL: value })
/** Bytes. */
export const bytes = (value: Uint8Array): AttributeValue => ({ B: value })
/** An instant, as whole epoch seconds. */
export const instant = (value: Date): AttributeValue => number(Math.floor(value.getTime() / 1000))
/** A list of strings; order is kept and it may be empty, unlike a DynamoDB set. */
export const texts = (values: readonly string[]): AttributeValue => ({ L: values.map(text) })
/** A map from string to string. */
export const textMap = (entries: ReadonlyMap<string, string>): AttributeValue => ({
  M: Object.fromEntries([...entries].map(([key, value]) => [key, text(value)])),
})

/** Reads the attributes of one item. Every method throws REGISTRY_UNREADABLE where the item is not as it was written. */
export type ItemReader = {
  readonly text: (name: string) => string
  /** A string that `parse` takes, such as a name. */
  readonly parsed: <Value>(name: string, parse: (value: unknown) => Value | undefined) => Value
  readonly oneOf: <Value extends string>(name: string, values: readonly Value[]) => Value
  /** A whole number from `min` to `max`. */
  readonly integer: (name: string, min: number, max?: number) => number
  /** A finite number above zero. */
  readonly positive: (name: string) => number
  readonly flag: (name: string) => boolean
  readonly bytes: (name: string) => Uint8Array
  readonly instant: (name: string) => Date
  readonly texts: (name: string) => readonly string[]
  readonly textMap: (name: string) => ReadonlyMap<string, string>
  /** The maps in a list, each with a reader of its own. */
  readonly list: (name: string) => readonly ItemReader[]
  /** Whether the attribute is there at all, of whatever type. */
  readonly has: (name: string) => boolean
  /** Refuses an item that lies elsewhere than its content says. */
  readonly liesAt: (key: ItemKey) => void
  /** Refuses the item for a reason that no single attribute shows. */
  readonly unreadable: (what: string) => Fault
}

/**
 * Opens an item of one kind.
 * @throws {Fault} REGISTRY_UNREADABLE, naming kind, key and attribute; never a value
 */
export function openItem(item: Item, kind: string): ItemReader {
  const place = `${kind} item ${keyText(item.pk)} ${keyText(item.sk)}`
  const reader = readerOf(item, place)
  if (reader.text('kind') !== kind) throw reader.unreadable('kind')
  return reader
}

const keyText = (value: AttributeValue | undefined): string => value?.S ?? '(no key)'

/** What a reader of attributes works on. */
type Place = { readonly item: Item; readonly place: string }

// One per item that a request reads. Whatever needs no closure stands outside, and the members are methods: SST's bundler gives every other
// function its name when it is made, which here would cost more than to read.
function readerOf(item: Item, place: string): ItemReader {
  const at = { item, place }
  return {
    text(name) {
      return take(at, name, textOf)
    },
    parsed(name, parse) {
      return take(at, name, (value) => parse(value.S))
    },
    oneOf(name, values) {
      return take(at, name, (value) => values.find((known) => known === value.S))
    },
    integer(name, min, max) {
      return integerOf(at, name, { min, max })
    },
    positive(name) {
      return take(at, name, positive)
    },
    flag(name) {
      return take(at, name, (value) => value.BOOL)
    },
    bytes(name) {
      return take(at, name, (value) => value.B)
    },
    instant(name) {
      return new Date(integerOf(at, name, { min: 0, max: LAST_SECOND }) * 1000)
    },
    texts(name) {
      return take(at, name, (value) => allTexts(value.L))
    },
    textMap(name) {
      return take(at, name, textEntries)
    },
    list(name) {
      return listOf(at, name)
    },
    has(name) {
      return Object.hasOwn(item, name)
    },
    liesAt(key) {
      requirePlace(at, key)
    },
    unreadable(what) {
      return unreadable(at, what)
    },
  }
}

function requirePlace(at: Place, { pk, sk }: ItemKey): void {
  const there = at.item.pk?.S === pk && at.item.sk?.S === sk
  if (!there) throw unreadable(at, 'key')
}

function unreadable({ place }: Place, what: string): Fault {
  return new Fault('REGISTRY_UNREADABLE', `${place}: ${what} is not as written`)
}

function take<Value>(
  at: Place,
  name: string,
  pick: (value: AttributeValue) => Value | undefined,
): Value {
  const value = Object.hasOwn(at.item, name) ? at.item[name] : undefined
  const picked = value === undefined ? undefined : pick(value)
  if (picked === undefined) throw unreadable(at, name)
  return picked
}

const textOf = (value: AttributeValue): string | undefined => value.S

function integerOf(
  at: Place,
  name: string,
  {
    min,
    max = Number.MAX_SAFE_INTEGER,
  }: { readonly min: number; readonly max: number | undefined },
): number {
  return take(at, name, (value) => integerWithin(value, min, max))
}

function listOf(at: Place, name: string): readonly ItemReader[] {
  return take(at, name, (value) => value.L).map((value, index) => {
    if (value.M === undefined) throw unreadable(at, `${name}[${index}]`)
    return readerOf(value.M, `${at.place} ${name}[${index}]`)
  })
}

/** 9999-12-31T23:59:59Z, the last second of X.509 validity and of four-digit years. */
const LAST_SECOND = 253_402_300_799

function integerWithin(value: AttributeValue, min: number, max: number): number | undefined {
  const read = value.N === undefined ? Number.NaN : Number(value.N)
  return Number.isSafeInteger(read) && min <= read && read <= max ? read : undefined
}

function positive(value: AttributeValue): number | undefined {
  const read = value.N === undefined ? Number.NaN : Number(value.N)
  return Number.isFinite(read) && read > 0 ? read : undefined
}

function allTexts(values: AttributeValue[] | undefined): readonly string[] | undefined {
  const read = values?.map((value) => value.S)
  return read?.every((value) => value !== undefined) ? read : undefined
}

function textEntries(value: AttributeValue): ReadonlyMap<string, string> | undefined {
  if (value.M === undefined) return undefined
  const entries = Object.entries(value.M).map(([key, each]) => [key, each.S] as const)
  return entries.every(isText) ? new Map(entries) : undefined
}

const isText = (entry: readonly [string, string | undefined]): entry is readonly [string, string] =>
  entry[1] !== undefined
