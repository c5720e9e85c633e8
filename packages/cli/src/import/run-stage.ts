import { type Carrying, carryRecord } from './carry-record.ts'
import type { OpenDestination } from './destination.ts'
import { eachLimited } from './each-limited.ts'
import type { Entry, EntryPage, ReadCollection } from './fleet-reader.ts'
import type { FleetRecord } from './fleet-record.ts'
import { isDone, type Journal, type JournalEntry, type StageName } from './journal.ts'
import { describeRefusal, isHopeless, readRefusal } from './service-refusal.ts'

/** One step of an import: what is read, and where it goes. */
export type Stage = {
  readonly name: StageName
  readonly read: ReadCollection
  readonly open: OpenDestination
  /** Whether the step is about the record at all. */
  readonly select?: (record: FleetRecord) => boolean
  /** Why a record must not be written, if so. */
  readonly refuse?: (record: FleetRecord) => string | undefined
}

/** What all steps share. */
export type StageParts = Pick<Carrying, 'settings' | 'dryRun'> & {
  readonly journal: Journal
  /** Told of each record that is dealt with. */
  readonly step: (entry: JournalEntry) => void
}

/** Records that are worked on at a time. */
const AT_A_TIME = 8

/**
 * Carries over one collection: page by page, so that an interrupted import goes on at the page it was at. A record that fails is
 * noted and the others go on.
 * @throws what makes going on senseless, such as keys that have expired
 */
export async function runStage(stage: Stage, parts: StageParts): Promise<void> {
  const { journal, step } = parts
  const destination = await stage.open()
  const refuse = stage.refuse ?? (() => undefined)
  const carrying = { ...parts, stage: stage.name, destination, refuse }
  const settle = async (entry: Entry) => {
    const known = journal.find(stage.name, entry.key)
    if (known !== undefined && isDone(known)) return
    const settled = await carryEntry(entry, stage, carrying)
    journal.add(settled)
    step(settled)
  }
  for await (const { entries, next } of pagesOf(stage, journal)) {
    await eachLimited(entries, AT_A_TIME, settle)
    if (next !== undefined) journal.setCursor(stage.name, next)
  }
}

async function carryEntry(entry: Entry, stage: Stage, carrying: Carrying): Promise<JournalEntry> {
  try {
    const record = await entry.load()
    const selected = stage.select?.(record) ?? true
    if (selected) return await carryRecord(record, carrying)
    return { stage: stage.name, key: entry.key, outcome: 'none' }
  } catch (thrown) {
    if (isHopeless(thrown)) throw thrown
    const reason = describeRefusal(thrown)
    return { stage: stage.name, key: entry.key, outcome: 'failed', reason }
  }
}

/** Goes on at the cursor, or at the beginning where the service has forgotten it. */
async function* pagesOf({ name, read }: Stage, journal: Journal): AsyncGenerator<EntryPage> {
  const cursor = journal.cursorOf(name)
  try {
    yield* read(cursor)
  } catch (thrown) {
    const forgotten = cursor !== undefined && readRefusal(thrown).code === 'InvalidRequestException'
    if (!forgotten) throw thrown
    yield* read()
  }
}
