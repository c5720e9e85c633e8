import type { Finding } from './finding.ts'
import type { FleetRecord, PolicyHolder, RecordOf } from './fleet-record.ts'
import type { Journal, StageName } from './journal.ts'

/** A record that another one names. */
type Named = { readonly stage: StageName; readonly key: string }

const HOLDER_STAGES: Readonly<Record<PolicyHolder['kind'], StageName | undefined>> = {
  certificate: 'certificates',
  'thing-group': 'thing-groups',
  'role-alias': 'role-aliases',
  other: undefined,
}

/** What has to be there before the record. A thing's type is not among it: one of that name with other settings serves as well. */
export function dependenciesOf(record: FleetRecord): readonly Named[] {
  switch (record.kind) {
    case 'thing-group':
      return record.parent === undefined ? [] : [{ stage: 'thing-groups', key: record.parent }]
    case 'thing-group-member':
      return [
        { stage: 'thing-groups', key: record.group },
        { stage: 'things', key: record.thing },
      ]
    case 'policy-attachment': {
      const stage = HOLDER_STAGES[record.target.kind]
      const holder = stage === undefined ? [] : [{ stage, key: record.target.name }]
      return [{ stage: 'policies', key: record.policy }, ...holder]
    }
    case 'thing-principals':
      return [
        { stage: 'things', key: record.thing },
        ...record.principals
          .filter(({ kind }) => kind === 'certificate')
          .map(({ name }) => ({ stage: 'certificates', key: name }) as const),
      ]
    default:
      return []
  }
}

/** The first thing that the record needs and the import did not carry over, if any. What it never looked at does not count. */
export function missingFor(
  record: FleetRecord,
  journal: Pick<Journal, 'find'>,
): (Named & { readonly outcome: 'left-out' | 'failed' }) | undefined {
  for (const named of dependenciesOf(record)) {
    const outcome = journal.find(named.stage, named.key)?.outcome
    if (outcome === 'left-out' || outcome === 'failed') return { ...named, outcome }
  }
  return undefined
}

/** Takes out the certificates that were left out, so that the thing gets the others; says which. */
export function withoutLeftOut(
  record: RecordOf<'thing-principals'>,
  journal: Pick<Journal, 'find'>,
): { readonly record: RecordOf<'thing-principals'>; readonly findings: readonly Finding[] } {
  const isLeftOut = (id: string) => journal.find('certificates', id)?.outcome === 'left-out'
  const principals = record.principals.filter(({ name }) => !isLeftOut(name))
  const findings = record.principals
    .filter(({ name }) => isLeftOut(name))
    .map(({ name }): Finding => {
      const reason = `attached to certificate ${name}, which was left out`
      return { kind: 'left-out', collection: 'thing-principals', name: record.thing, reason }
    })
  return { record: { ...record, principals }, findings }
}
