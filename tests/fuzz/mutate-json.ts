import { type MutationMaterial, mutateOctets } from './mutate-octets.ts'

type Json = null | boolean | number | string | Json[] | JsonObject
type JsonObject = { [key: string]: Json }
/** Where a value stands: change it by giving another, take it away by giving none. */
type Place = { readonly value: Json; readonly put: (value: Json | undefined) => Json }

/** What stands where something else is expected. */
const STRANGERS: readonly Json[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    ' ',
    '*',
    '?',
    '/',
    '..',
    '%2e',
    '\0',
    'ü',
  ],
  ...['__proto__', 'constructor', '${aws:x}', '😀', '\ud800', 'x'.repeat(129), 'y'.repeat(2049)],
  ...[[], {}, [[]], [null], { __proto__x: 1 }, ['', ''], Array(40).fill('z')],
]

/** Changes one value, or one name, in a JSON text; undefined for what is no JSON. */
export function mutateJson(input: Buffer, material: MutationMaterial): Buffer | undefined {
  const parsed = parse(input)
  if (parsed === undefined) return undefined
  const { random } = material
  const places = placesIn(parsed.json, (value) => value ?? null)
  const { value, put } = random.pick(places)
  const changes: readonly (() => Json | undefined)[] = [
    () => undefined,
    () => random.pick(STRANGERS),
    () => (material.dictionary.length > 0 ? random.pick(material.dictionary) : null),
    () => random.pick(places).value,
    () => otherValue(material) ?? null,
    () => [value],
    () => (Array.isArray(value) ? [...value, ...value] : [value, value]),
    () => renamed(value, material),
    () => touched(value, material),
    () => touched(value, material),
  ]
  return Buffer.from(JSON.stringify(put(random.pick(changes)())))
}

function parse(input: Uint8Array): { readonly json: Json } | undefined {
  try {
    return { json: JSON.parse(Buffer.from(input).toString('utf8')) }
  } catch {
    return undefined
  }
}

function otherValue({ other, random }: MutationMaterial): Json | undefined {
  const parsed = parse(other)
  return parsed && random.pick(placesIn(parsed.json, (value) => value ?? null)).value
}

/** Deeper values are left as they are. */
const DEEPEST = 24

/** Every value in a value, itself first; `put` gives the whole with another value there. */
function placesIn(value: Json, put: Place['put'], depth = 0): Place[] {
  const isLeaf = typeof value !== 'object' || value === null || depth === DEEPEST
  const held = isLeaf ? [] : heldIn(value, put, depth + 1)
  return [{ value, put }, ...held]
}

function heldIn(value: Json[] | JsonObject, put: Place['put'], depth: number): Place[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, at) => {
      const putItem: Place['put'] = (changed) =>
        put(value.toSpliced(at, 1, ...(changed === undefined ? [] : [changed])))
      return placesIn(item, putItem, depth)
    })
  }
  const entries = Object.entries(value)
  return entries.flatMap(([key, held], at) => {
    const putMember: Place['put'] = (changed) => {
      const member: [string, Json][] = changed === undefined ? [] : [[key, changed]]
      // Defines `__proto__` like any other name, where an assignment would not.
      return put(Object.fromEntries(entries.toSpliced(at, 1, ...member)))
    }
    return placesIn(held, putMember, depth)
  })
}

function renamed(value: Json, { random, dictionary }: MutationMaterial): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
  const names = [...dictionary, '__proto__', 'constructor', ...entries.map(([name]) => name)]
  const at = random.below(entries.length)
  const name = random.oneIn(4) ? (entries[at]?.[0] ?? '').toUpperCase() : random.pick(names)
  return Object.fromEntries(
    entries.map((entry, index) => (index === at ? [name, entry[1]] : entry)),
  )
}

/** A little change to a text or a number. */
function touched(value: Json, material: MutationMaterial): Json {
  if (typeof value === 'number') return value + material.random.pick([-1, 1, 0.5, -value, value])
  if (typeof value !== 'string') return material.random.pick(STRANGERS)
  return mutateOctets(Buffer.from(value), material).toString('utf8')
}
