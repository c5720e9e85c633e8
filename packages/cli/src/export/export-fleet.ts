import type { Entry, FleetReader } from '../import/fleet-reader.ts'
import {
  COLLECTIONS,
  type Collection,
  type FleetRecord,
  keyOf,
  type Place,
} from '../import/fleet-record.ts'
import { mayDeny } from '../import/policy-limits.ts'
import { headLine, recordLine } from './fleet-lines.ts'

/** Records that are read side by side. */
const AT_A_TIME = 32

/**
 * Writes everything of a tenant as JSON lines, in an order that depends on the fleet alone: collections as an import needs them,
 * in each the keys in byte order. Only keys are held at once, and of policies which deny. No private key is anywhere in it.
 */
export async function* exportFleet(reader: FleetReader, place: Place): AsyncGenerator<string> {
  yield headLine(place)
  const denying = new Set<string>()
  for (const collection of COLLECTIONS) {
    const entries = await gatherEntries(reader, collection, denying)
    for await (const record of loadInOrder(entries)) {
      if (denies(record)) denying.add(keyOf(record))
      if (isWorthALine(record)) yield recordLine(record)
    }
  }
}

async function* loadInOrder(entries: readonly Entry[]): AsyncGenerator<FleetRecord> {
  for (let at = 0; at < entries.length; at += AT_A_TIME) {
    yield* await Promise.all(entries.slice(at, at + AT_A_TIME).map(({ load }) => load()))
  }
}

async function gatherEntries(
  reader: FleetReader,
  collection: Collection,
  denying: ReadonlySet<string>,
): Promise<readonly Entry[]> {
  const levels: (readonly Entry[])[] = []
  for await (const { entries } of reader[collection]()) levels.push(entries.toSorted(byKey))
  // Groups come level by level, parents first: that order is theirs.
  if (collection === 'thing-groups') return levels.flat()
  const entries = levels.flat().toSorted(byKey)
  if (collection !== 'policy-attachments') return entries
  // Policies that deny come first, as they are attached.
  const first = ({ key }: Entry) => denying.has(key.split(' ', 1)[0] ?? '')
  return [...entries.filter(first), ...entries.filter((entry) => !first(entry))]
}

function byKey(one: Entry, other: Entry): number {
  if (one.key === other.key) return 0
  return one.key < other.key ? -1 : 1
}

function denies(record: FleetRecord): boolean {
  if (record.kind !== 'policy') return false
  return record.versions.some(({ document, isDefault }) => isDefault && mayDeny(document))
}

function isWorthALine(record: FleetRecord): boolean {
  return record.kind !== 'thing-principals' || record.principals.length > 0
}
