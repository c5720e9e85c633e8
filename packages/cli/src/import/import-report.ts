import { formatTable } from '../table/format-table.ts'
import { printableText } from '../table/printable-text.ts'
import type { Finding } from './finding.ts'
import type { JournalEntry, Outcome, StageName } from './journal.ts'

/** What became of the records of one step. */
export type StageCounts = Readonly<Record<Exclude<Outcome, 'none'>, number>>

/** All that there is to say at the end of an import. */
export type ImportReport = {
  readonly dryRun: boolean
  readonly counts: ReadonlyMap<StageName, StageCounts>
  readonly findings: readonly Finding[]
  readonly failures: readonly {
    readonly stage: StageName
    readonly key: string
    readonly reason: string
  }[]
}

/** Sums an import up: over all its runs, where it was interrupted. */
export function summarize(
  entries: Iterable<JournalEntry>,
  about: {
    readonly dryRun: boolean
    readonly stages: readonly StageName[]
    readonly account: readonly Finding[]
  },
): ImportReport {
  const counts = new Map(about.stages.map((stage) => [stage, { ...NOTHING }]))
  const findings = [...about.account]
  const failures: ImportReport['failures'][number][] = []
  for (const { stage, key, outcome, reason = '', findings: found = [] } of entries) {
    const ofStage = counts.get(stage)
    if (ofStage !== undefined && outcome !== 'none') ofStage[outcome] += 1
    findings.push(...found)
    if (outcome === 'failed') failures.push({ stage, key, reason })
  }
  return { dryRun: about.dryRun, counts, findings, failures }
}

const NOTHING: Record<Exclude<Outcome, 'none'>, number> = {
  created: 0,
  already: 0,
  'left-out': 0,
  failed: 0,
}

/** The report for people. */
export function formatReport({ dryRun, counts, findings, failures }: ImportReport): string {
  const rows = [...counts].map(([stage, each]) => [
    stage,
    each.created,
    each.already,
    each['left-out'],
    each.failed,
  ])
  const made = dryRun ? 'to create' : 'created'
  const of = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind)
  return [
    formatTable(['', made, 'already there', 'left out', 'failed'], rows),
    section('Accounts and regions that were rewritten', of('rewritten').map(oneLine)),
    section('Works otherwise here', byReason(of('differs'))),
    section('Not carried over', byReason(of('left-out'))),
    section(
      'Failed',
      byReason(
        failures.map(({ stage: collection, key: name, reason }) => ({ collection, name, reason })),
      ),
    ),
    dryRun ? '\nNothing was written.\n' : '',
  ].join('')
}

/** The report for programs, one JSON object. */
export function reportJson({ dryRun, counts, findings, failures }: ImportReport): string {
  return `${JSON.stringify({ dryRun, counts: Object.fromEntries(counts), findings, failures })}\n`
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return `\n${title}:\n${lines.map((line) => `  ${printableText(line)}\n`).join('')}`
}

type Told = {
  readonly collection: string
  readonly name: string
  readonly reason: string
}

function oneLine({ collection, name, reason }: Told): string {
  return `${collection} ${name}: ${reason}`
}

/** Names that are shown for one reason. */
const SHOWN = 20

/** Findings of one reason stand together. */
function byReason(findings: readonly Told[]): readonly string[] {
  const groups = Map.groupBy(findings, ({ collection, reason }) => `${collection}: ${reason}`)
  return [...groups].map(([reason, [first, ...others]]) =>
    first === undefined || others.length > 0
      ? together(
          reason,
          [first, ...others].flatMap((each) => each?.name ?? []),
        )
      : oneLine(first),
  )
}

function together(reason: string, names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more (--json names all)` : ''
  return `${reason} (${names.length}): ${names.slice(0, SHOWN).join(', ')}${more}`
}
