import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { UsageProblem } from '../command-io.ts'
import { type FleetHead, parseHead, parseRecord } from '../export/fleet-lines.ts'
import { type EntryPage, type FleetReader, pageOf, type ReadCollection } from './fleet-reader.ts'
import { COLLECTIONS, type FleetRecord, KIND_OF, keyOf } from './fleet-record.ts'

/** Records of one page. */
const PAGE = 250

/**
 * Opens an export for reading. Each collection is one pass over the file, which is never held whole; every line is looked at
 * before the first is taken.
 */
export async function openFileFleet(
  path: string,
): Promise<{ readonly head: FleetHead; readonly reader: FleetReader } | UsageProblem> {
  try {
    const head = await checkLines(path)
    if ('problem' in head) return head
    const collections = COLLECTIONS.map((name) => [name, readKind(path, KIND_OF[name])])
    return { head, reader: Object.fromEntries(collections) as FleetReader }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return { problem: `${path} cannot be read (${code ?? 'unknown reason'})` }
  }
}

async function checkLines(path: string): Promise<FleetHead | UsageProblem> {
  let head: FleetHead | undefined
  let number = 0
  for await (const line of linesOf(path)) {
    number += 1
    if (number === 1) {
      head = parseHead(line)
      if (head === undefined) return { problem: `${path} is not an export of thingpass` }
    } else if (parseRecord(line) === undefined) {
      return { problem: `${path}, line ${number}: not a record of a fleet` }
    }
  }
  return head ?? { problem: `${path} is not an export of thingpass` }
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
}

function readKind(path: string, kind: FleetRecord['kind']): ReadCollection {
  // Groups stand parents first, and a page is worked on side by side.
  const size = kind === 'thing-group' ? 1 : PAGE
  return async function* () {
    let records: FleetRecord[] = []
    for await (const record of recordsOf(path, kind)) {
      records.push(record)
      if (records.length < size) continue
      yield toPage(records)
      records = []
    }
    if (records.length > 0) yield toPage(records)
  }
}

async function* recordsOf(path: string, kind: FleetRecord['kind']): AsyncGenerator<FleetRecord> {
  const start = `{"kind":"${kind}"`
  for await (const line of linesOf(path)) {
    const record = line.startsWith(start) ? parseRecord(line) : undefined
    if (record !== undefined) yield record
  }
}

function toPage(records: readonly FleetRecord[]): EntryPage {
  return pageOf(records.map((record) => ({ key: keyOf(record), record })))
}
