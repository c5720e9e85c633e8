import { type Report, type Shape, wrongType } from './shape.ts'

/** A map of texts, with `most` entries; of one with more no entry is looked at. Names such as `__proto__` are ordinary keys. */
export function mapOf(
  keys: Shape<string>,
  values: Shape<string>,
  most: number,
): Shape<ReadonlyMap<string, string>> {
  return {
    wire: 'Map',
    read: (json, at, report) => {
      if (!isObject(json)) return wrongType('Map', json, at, report)
      const entries = Object.entries(json)
      if (entries.length > most) {
        report({ at, constraint: `Member must have at most ${most} entries` })
        return undefined
      }
      const read = entries.map(([key, value]) => {
        keys.read(key, `${at}.key`, report)
        return [key, values.read(value, `${at}.value`, report) ?? ''] as const
      })
      return new Map(read)
    },
  }
}

/** A list with a number of items within bounds, both included; of one outside of them no item is looked at. */
export function listOf<Value>(
  items: Shape<Value>,
  least: number,
  most: number,
): Shape<readonly Value[]> {
  return {
    wire: 'List',
    read: (json, at, report) => {
      if (!Array.isArray(json)) return wrongType('List', json, at, report)
      const bounds = `[${least}, ${most}]`
      const within = json.length >= least && json.length <= most
      if (!within) {
        report({ at, constraint: `Member must have length within ${bounds}` })
        return undefined
      }
      return json.flatMap((item: unknown, index) => {
        const value = items.read(item, `${at}.${index + 1}.member`, report)
        return value === undefined ? [] : [value]
      })
    },
  }
}

/** A member of a structure, which has to be there or not. */
export type Field<Value> = { readonly shape: Shape<NonNullable<Value>>; readonly required: boolean }

/** A member that has to be there. */
export function required<Value extends NonNullable<unknown>>(shape: Shape<Value>): Field<Value> {
  return { shape, required: true }
}

/** A member that may be left out; null counts as left out. */
export function optional<Value extends NonNullable<unknown>>(
  shape: Shape<Value>,
): Field<Value | undefined> {
  return { shape, required: false }
}

/** The value of a structure with these fields. */
export type ValueOf<Fields extends Readonly<Record<string, { readonly shape: unknown }>>> = {
  readonly [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? Value : never
}

type AnyFields = Readonly<Record<string, Field<NonNullable<unknown> | undefined>>>

/** A structure. Members that it does not know are ignored, as AWS ignores them. */
export function structure<Fields extends AnyFields>(fields: Fields): Shape<ValueOf<Fields>> {
  return {
    wire: 'Structure',
    read: (json, at, report) => {
      if (!isObject(json)) return wrongType('Structure', json, at, report)
      const read = Object.entries(fields).map(([name, field]) => [
        name,
        readField(field, ownMember(json, name), `${at}.${name}`, report),
      ])
      return Object.fromEntries(read) as ValueOf<Fields>
    },
  }
}

/** Reads a member, or reports that it is not there. */
export function readField<Value>(
  field: Field<Value>,
  json: unknown,
  at: string,
  report: Report,
): Value | undefined {
  if (json !== undefined && json !== null) return field.shape.read(json, at, report)
  if (field.required) report({ at, constraint: 'Member must not be null' })
  return undefined
}

/** A member of a JSON object; what an object has from its prototype is none. */
export function ownMember(json: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(json, name) ? json[name] : undefined
}

/** A list that AWS takes and this service does not keep: empty it is accepted, else refused rather than lost. */
export function unsupportedList(what: string): Shape<readonly never[]> {
  return {
    wire: 'List',
    read: (json, at, report) => {
      if (!Array.isArray(json)) return wrongType('List', json, at, report)
      if (json.length > 0) report({ at, constraint: `${what} are not supported here` })
      return []
    },
  }
}

/** A text that AWS takes and this service does not keep: refused rather than lost. */
export function unsupportedText(what: string): Shape<never> {
  return {
    wire: 'String',
    read: (_, at, report) => {
      report({ at, constraint: `${what} are not supported here` })
      return undefined
    },
  }
}

/** Whether it is a JSON object. */
export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
