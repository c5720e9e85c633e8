import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { UsageProblem } from '../command-io.ts'
import { type CsvRow, createCsvReader } from './csv-rows.ts'
import { findColumnProblem, membersOfFields, type ReadRow, readDevice } from './device-row.ts'

/** A file of devices, read as its rows are asked for. */
export type DeviceFile = {
  /** Lines that it has, the head line among them. */
  readonly lines: number
  readonly rows: AsyncIterable<ReadRow>
}

/** Opens a file of devices, by the end of its name; the head line of a CSV file is read before anything is done. */
export async function openDeviceFile(path: string): Promise<DeviceFile | UsageProblem> {
  const kind = /\.(csv|jsonl)$/.exec(path)?.[1]
  if (kind === undefined) return { problem: `${path} is neither .csv nor .jsonl` }
  try {
    const lines = await countLines(path)
    return kind === 'csv' ? await openCsv(path, lines) : { lines, rows: readJsonl(path) }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return { problem: `${path} cannot be read (${code ?? 'unknown reason'})` }
  }
}

async function countLines(path: string): Promise<number> {
  const file = await open(path)
  let lines = 0
  let last = LINE_FEED
  for await (const chunk of file.createReadStream() as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) lines++
    last = chunk.at(-1) ?? last
  }
  return last === LINE_FEED ? lines : lines + 1
}

const LINE_FEED = 0x0a

/** Characters of a line of JSON. */
const LONGEST_LINE = 262_144

async function* readJsonl(path: string): AsyncGenerator<ReadRow> {
  const input = createReadStream(path, 'utf8')
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text.trim() !== '') yield { line, ...readJsonLine(text.replace(/^\uFEFF/, '')) }
  }
}

function readJsonLine(text: string) {
  if (text.length > LONGEST_LINE) return { problem: 'the line is too long' }
  try {
    return withName(JSON.parse(text))
  } catch {
    return { problem: 'not JSON' }
  }
}

/** The name goes with a problem, for whoever reads the report. */
function withName(members: unknown) {
  const read = readDevice(members)
  const name: unknown = Object(members).thingName
  return 'problem' in read && typeof name === 'string' ? { ...read, thingName: name } : read
}

async function openCsv(path: string, lines: number): Promise<DeviceFile | UsageProblem> {
  const rows = csvRows(path)
  const head = await rows.next()
  if (head.done === true) return { problem: `${path} is empty` }
  const { value: first } = head
  const columns = 'fields' in first ? first.fields.map((name) => name.trim()) : []
  const problem = 'problem' in first ? first.problem : findColumnProblem(columns)
  if (problem !== undefined) return { problem: `${path}, line ${first.line}: ${problem}` }
  return { lines, rows: devicesOf(rows, columns) }
}

async function* devicesOf(
  rows: AsyncIterable<CsvRow>,
  columns: readonly string[],
): AsyncGenerator<ReadRow> {
  for await (const row of rows) {
    const { line } = row
    const made = 'problem' in row ? row : membersOfFields(columns, row.fields)
    yield 'problem' in made ? { line, problem: made.problem } : { line, ...withName(made.members) }
  }
}

async function* csvRows(path: string): AsyncGenerator<CsvRow> {
  const reader = createCsvReader()
  let first = true
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    yield* reader.push(first ? chunk.replace(/^\uFEFF/, '') : chunk)
    first = false
  }
  yield* reader.end()
}
