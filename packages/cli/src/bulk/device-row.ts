import { createHash } from 'node:crypto'

/** One device of a file. Paths are as they stand there. */
export type DeviceRow = {
  readonly thingName: string
  readonly thingTypeName?: string
  readonly attributes: Readonly<Record<string, string>>
  readonly policies: readonly string[]
  /** Path of the device's certificate, PEM. */
  readonly certificate?: string
  /** Path of a certificate signing request, PEM. */
  readonly csr?: string
}

/** A device, or what is wrong with its row; `line` counts from 1. */
export type ReadRow = { readonly line: number } & (
  | { readonly device: DeviceRow }
  | { readonly problem: string; readonly thingName?: string }
)

const ATTRIBUTE = 'attributes.'
const COLUMNS = ['thingName', 'thingType', 'policies', 'certificate', 'csr']

/** Says what is wrong with the head line of a CSV file; undefined where nothing is. */
export function findColumnProblem(columns: readonly string[]): string | undefined {
  const unknown = columns.find(
    (name) => !COLUMNS.includes(name) && !(name.startsWith(ATTRIBUTE) && name !== ATTRIBUTE),
  )
  if (unknown !== undefined) return `column "${unknown}" is none of ${KNOWN}`
  if (!columns.includes('thingName')) return 'there is no column thingName'
  if (new Set(columns).size !== columns.length) return 'a column stands twice'
  return undefined
}

const KNOWN = `${COLUMNS.join(', ')}, ${ATTRIBUTE}<key>`

/** Makes the members of an object of a row's fields; an empty field is none. */
export function membersOfFields(
  columns: readonly string[],
  fields: readonly string[],
): { readonly members: object } | { readonly problem: string } {
  if (fields.length !== columns.length) {
    return { problem: `${fields.length} fields, where the head line has ${columns.length}` }
  }
  const given = columns
    .map((name, index) => [name, fields[index] ?? ''] as const)
    .filter(([, value]) => value !== '')
  const attributes = given
    .filter(([name]) => name.startsWith(ATTRIBUTE))
    .map(([name, value]) => [name.slice(ATTRIBUTE.length), value] as const)
  const plain = given
    .filter(([name]) => !name.startsWith(ATTRIBUTE))
    .map(([name, value]) => [name, name === 'policies' ? namesOf(value) : value] as const)
  return { members: { ...Object.fromEntries(plain), attributes: Object.fromEntries(attributes) } }
}

const namesOf = (text: string) =>
  text
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '')

/** Reads a device from the members of an object. What is not understood is refused, not passed over. */
export function readDevice(
  members: unknown,
): { readonly device: DeviceRow } | { readonly problem: string } {
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    return { problem: 'not an object' }
  }
  const given = new Map<string, unknown>(Object.entries(members))
  const unknown = [...given.keys()].find((name) => !MEMBERS.has(name))
  if (unknown !== undefined) return { problem: `"${unknown}" is none of ${[...MEMBERS.keys()]}` }
  const wrong = [...MEMBERS].find(([name, is]) => given.has(name) && !is(given.get(name)))
  if (wrong !== undefined) return { problem: `"${wrong[0]}" is not what it should be` }
  return check({
    thingName: String(given.get('thingName') ?? ''),
    attributes: (given.get('attributes') ?? {}) as DeviceRow['attributes'],
    policies: (given.get('policies') ?? []) as DeviceRow['policies'],
    ...textMember('thingTypeName', given.get('thingType')),
    ...textMember('certificate', given.get('certificate')),
    ...textMember('csr', given.get('csr')),
  })
}

const isText = (value: unknown): value is string => typeof value === 'string'

const MEMBERS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['thingName', isText],
  ['thingType', isText],
  [
    'attributes',
    (value: unknown) =>
      typeof value === 'object' && value !== null && Object.values(value).every(isText),
  ],
  ['certificate', isText],
  ['csr', isText],
  ['policies', (value: unknown) => Array.isArray(value) && value.every(isText)],
])

function textMember<Name extends string>(
  name: Name,
  value: unknown,
): { readonly [Key in Name]?: string } {
  return (isText(value) ? { [name]: value } : {}) as { readonly [Key in Name]?: string }
}

function check(device: DeviceRow): { readonly device: DeviceRow } | { readonly problem: string } {
  const { thingName, certificate, csr, policies } = device
  if (thingName === '') return { problem: 'there is no thingName' }
  if (certificate !== undefined && csr !== undefined) {
    return { problem: 'certificate and csr exclude each other' }
  }
  const hasCertificate = certificate !== undefined || csr !== undefined
  if (policies.length > 0 && !hasCertificate) {
    return { problem: 'policies are attached to a certificate, and there is none' }
  }
  return { device }
}

/** Names a device of a file and where it goes: equal digests mean equal work. 16 letters of base64url. */
export function digestOf(device: DeviceRow, place: string): string {
  const { thingName, thingTypeName, attributes, policies, certificate, csr } = device
  const sorted = Object.keys(attributes)
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((key) => [key, attributes[key]])
  const all = [place, thingName, thingTypeName ?? null, sorted, policies]
  const text = JSON.stringify([...all, certificate ?? null, csr ?? null])
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}
