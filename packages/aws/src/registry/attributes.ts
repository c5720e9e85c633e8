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

function readerOf(item: Item, place: string): ItemReader {
  const unreadable = (what: string): Fault =>
    new Fault('REGISTRY_UNREADABLE', `${place}: ${what} is not as written`)
  const take = <Value>(name: string, pick: (value: AttributeValue) => Value | undefined): Value => {
    const value = Object.hasOwn(item, name) ? item[name] : undefined
    const picked = value === undefined ? undefined : pick(value)
    if (picked === undefined) throw unreadable(name)
    return picked
  }
  const integer = (name: string, min: number, max = Number.MAX_SAFE_INTEGER): number =>
    take(name, (value) => integerWithin(value, min, max))
  return {
    text: (name) => take(name, (value) => value.S),
    parsed: (name, parse) => take(name, (value) => parse(value.S)),
    oneOf: (name, values) => take(name, (value) => values.find((known) => known === value.S)),
    integer,
    positive: (name) => take(name, positive),
    flag: (name) => take(name, (value) => value.BOOL),
    bytes: (name) => take(name, (value) => value.B),
    instant: (name) => new Date(integer(name, 0, LAST_SECOND) * 1000),
    texts: (name) => take(name, (value) => allTexts(value.L)),
    textMap: (name) => take(name, textEntries),
    list: (name) =>
      take(name, (value) => value.L).map((value, index) => {
        if (value.M === undefined) throw unreadable(`${name}[${index}]`)
        return readerOf(value.M, `${place} ${name}[${index}]`)
      }),
    has: (name) => Object.hasOwn(item, name),
    liesAt: (key) => {
      const there = item.pk?.S === key.pk && item.sk?.S === key.sk
      if (!there) throw unreadable('key')
    },
    unreadable,
  }
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
