import { missingFor, withoutLeftOut } from './dependencies.ts'
import type { Destination } from './destination.ts'
import { type FleetRecord, keyOf } from './fleet-record.ts'
import type { Journal, JournalEntry, StageName } from './journal.ts'
import { type Planned, type PlanSettings, planRecord } from './plan-record.ts'
import { mayDeny } from './policy-limits.ts'

/** What one record is carried over by. */
export type Carrying = {
  readonly stage: StageName
  readonly settings: PlanSettings
  readonly journal: Pick<Journal, 'find'>
  readonly destination: Destination
  /** Whether nothing is written. */
  readonly dryRun: boolean
  /** Why a record must not be written, if so. */
  readonly refuse: (record: FleetRecord) => string | undefined
}

/** Plans one record and writes it, unless it is left out. Rejects with what the control plane refused with. */
export async function carryRecord(record: FleetRecord, carrying: Carrying): Promise<JournalEntry> {
  const { stage, journal, destination, dryRun } = carrying
  const key = keyOf(record)
  const { record: planned, findings } = plan(record, carrying)
  const told = { stage, key, ...(findings.length === 0 ? {} : { findings }) }
  if (planned === undefined) {
    return { ...told, outcome: findings.length === 0 ? 'none' : 'left-out' }
  }
  const missing = missingFor(planned, journal)
  if (missing?.outcome === 'left-out') return leftOutWith(told, missing)
  const reason = missing === undefined ? carrying.refuse(planned) : needs(missing)
  if (reason !== undefined) return { ...told, outcome: 'failed', reason }
  const supposed = destination.known.has(key) ? 'already' : 'created'
  const outcome = dryRun ? supposed : await destination.write(planned)
  return { ...told, outcome, ...(denies(planned) ? { denies: true } : {}) }
}

type Missing = NonNullable<ReturnType<typeof missingFor>>

function needs({ stage, key, outcome }: Missing): string {
  return `needs ${stage} ${key}, which ${outcome === 'failed' ? 'failed' : 'was left out'}`
}

function leftOutWith({ stage, key }: Pick<JournalEntry, 'stage' | 'key'>, missing: Missing) {
  const collection = stage === 'thing-type-deprecations' ? 'thing-types' : stage
  const finding = { kind: 'left-out', collection, name: key, reason: needs(missing) } as const
  return { stage, key, outcome: 'left-out', findings: [finding] } as const
}

function plan(record: FleetRecord, { settings, journal, destination }: Carrying): Planned {
  const reduced =
    record.kind === 'thing-principals' ? withoutLeftOut(record, journal) : { record, findings: [] }
  const planned = planRecord(reduced.record, settings)
  const here = planned.record && destination.findings?.(planned.record)
  return { ...planned, findings: [...reduced.findings, ...planned.findings, ...(here ?? [])] }
}

function denies(record: FleetRecord): boolean {
  if (record.kind !== 'policy') return false
  return record.versions.some(({ document, isDefault }) => isDefault && mayDeny(document))
}
