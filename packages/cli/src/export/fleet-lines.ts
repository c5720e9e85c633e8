import { type FleetRecord, KIND_OF, type Place } from '../import/fleet-record.ts'

/** The first line of an export. */
export type FleetHead = Place

const FORMAT = 'thingpass-fleet/1'

/** The first line: what the file is, and where its ARNs point. */
export function headLine({ partition, region, account }: FleetHead): string {
  return `${JSON.stringify({ kind: 'fleet', format: FORMAT, partition, region, account })}\n`
}

/** One record as a line. What only matters on the way from AWS is left out. */
export function recordLine(record: FleetRecord): string {
  if (record.kind !== 'policy') return `${JSON.stringify(record)}\n`
  const { place, versions, ...policy } = record
  // Ids of versions are given anew by an import.
  const texts = versions.map(({ document, isDefault }) => ({ document, isDefault }))
  return `${JSON.stringify({ ...policy, versions: texts })}\n`
}

/** Reads the first line; undefined for any other text. */
export function parseHead(line: string): FleetHead | undefined {
  const head = parseObject(line)
  if (head?.kind !== 'fleet' || head.format !== FORMAT) return undefined
  const { partition, region, account } = head
  if (typeof partition !== 'string' || typeof region !== 'string') return undefined
  if (typeof account !== 'string' || !/^\d{12}$/.test(account)) return undefined
  return { partition, region, account }
}

const KINDS: readonly unknown[] = Object.values(KIND_OF)

/** Members that every record of a kind has, and the type of each. */
const MEMBERS: Readonly<Record<FleetRecord['kind'], Readonly<Record<string, string>>>> = {
  'thing-type': {
    name: 'string',
    searchableAttributes: 'array',
    deprecated: 'boolean',
    tags: 'object',
  },
  'thing-group': { name: 'string', attributes: 'object', tags: 'object' },
  thing: { name: 'string', attributes: 'object' },
  'thing-group-member': { group: 'string', thing: 'string' },
  ca: {
    id: 'string',
    pem: 'string',
    status: 'string',
    mode: 'string',
    autoRegistration: 'boolean',
    provisions: 'boolean',
    tags: 'object',
  },
  certificate: { id: 'string', pem: 'string', status: 'string' },
  policy: { name: 'string', versions: 'array', tags: 'object' },
  'role-alias': { name: 'string', roleArn: 'string', durationSeconds: 'number', tags: 'object' },
  'policy-attachment': { policy: 'string', target: 'object' },
  'thing-principals': { thing: 'string', principals: 'array' },
}

/** Reads the line of one record; undefined for any other text. What its values may be is for the control plane to judge. */
export function parseRecord(line: string): FleetRecord | undefined {
  const record = parseObject(line)
  if (record === undefined || !KINDS.includes(record.kind)) return undefined
  const members = Object.entries(MEMBERS[record.kind as FleetRecord['kind']])
  return members.every(([name, type]) => typeOf(record[name]) === type)
    ? (record as FleetRecord)
    : undefined
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeOf(value) === 'object' ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
