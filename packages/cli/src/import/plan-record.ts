import { createHash } from 'node:crypto'
import { derOfPem } from '@thingpass/x509/pem'
import type { Finding } from './finding.ts'
import type { FleetRecord, Place, PolicyText, RecordOf } from './fleet-record.ts'
import { policyLimits } from './policy-limits.ts'
import { type ForeignArn, rewritePolicy } from './rewrite-policy.ts'

/** What an import goes by. */
export type PlanSettings = {
  /** Where ARNs of the source point, unless a record says so itself. */
  readonly from: Place | undefined
  /** Where ARNs of the deployment point. */
  readonly to: Place
  /** Whether CA certificates are written, which only an administrator may without proof of possession. */
  readonly copyCas: boolean
}

/** What is to be written of a record, if anything, and what its owner has to know. Equal arguments give equal plans. */
export type Planned = {
  readonly record?: FleetRecord
  readonly findings: readonly Finding[]
}

/** Plans one record. */
export function planRecord(record: FleetRecord, settings: PlanSettings): Planned {
  switch (record.kind) {
    case 'thing-group':
      return planGroup(record)
    case 'ca':
      return planCa(record, settings)
    case 'certificate':
      return planCertificate(record)
    case 'policy':
      return planPolicy(record, settings)
    case 'role-alias':
      return planRoleAlias(record, settings)
    case 'policy-attachment':
      return planAttachment(record)
    case 'thing-principals':
      return planPrincipals(record)
    default:
      return { record, findings: [] }
  }
}

type Told = Pick<Finding, 'collection' | 'name'>

function leaveOut(told: Told, reason: string): Planned {
  return { findings: [{ kind: 'left-out', ...told, reason }] }
}

function planGroup(record: RecordOf<'thing-group'>): Planned {
  const told = { collection: 'thing-groups', name: record.name } as const
  if (record.query === undefined) return { record, findings: [] }
  return leaveOut(
    told,
    'a dynamic group: there is no index here to query, so its members, and a Deny of a policy attached to it, are lost',
  )
}

function planCa(record: RecordOf<'ca'>, { copyCas }: PlanSettings): Planned {
  const told = { collection: 'cas', name: record.id } as const
  if (!copyCas) {
    return leaveOut(
      told,
      'needs proof of possession: register it with a verification certificate, or let an administrator copy it (--copy-cas)',
    )
  }
  const template = 'its provisioning template: devices that register themselves get no thing here'
  const provisions = { kind: 'left-out', ...told, reason: template } as const
  return { record, findings: record.provisions ? [provisions] : [] }
}

const STATUSES = ['ACTIVE', 'INACTIVE', 'REVOKED']

function planCertificate(record: RecordOf<'certificate'>): Planned {
  const told = { collection: 'certificates', name: record.id } as const
  if (idOfPem(record.pem) !== record.id)
    return leaveOut(told, 'its PEM is not of this certificate alone')
  if (STATUSES.includes(record.status)) return { record, findings: [] }
  if (record.status !== 'REGISTER_INACTIVE') {
    return leaveOut(told, `its status is ${record.status}: finish or cancel that on AWS first`)
  }
  const reason = 'REGISTER_INACTIVE, which AWS has given up, becomes INACTIVE'
  return {
    record: { ...record, status: 'INACTIVE' },
    findings: [{ kind: 'differs', ...told, reason }],
  }
}

/** What a certificate is called here: the hash of its DER, as on AWS. */
function idOfPem(pem: string): string | undefined {
  const der = derOfPem(pem)
  return der && createHash('sha256').update(der).digest('hex')
}

function planPolicy(record: RecordOf<'policy'>, settings: PlanSettings): Planned {
  const told = { collection: 'policies', name: record.name } as const
  const from = record.place ?? settings.from
  if (from === undefined) return leaveOut(told, 'the account and region of its ARNs are not known')
  const findings: Finding[] = []
  const versions: PolicyText[] = []
  for (const { document, isDefault } of record.versions) {
    const policy = rewritePolicy(document, from, settings.to)
    if ('problem' in policy) return leaveOut(told, `a version cannot be read: ${policy.problem}`)
    versions.push({ document: policy.document, isDefault })
    const limits = isDefault ? policyLimits(document) : []
    findings.push(
      ...policy.rewritten.map((arn) => rewrittenArn(told, arn)),
      ...policy.foreign.map((arn) => foreignArn(told, arn)),
      ...limits.map((reason) => ({ kind: 'differs', ...told, reason }) as const),
    )
  }
  const { place, ...kept } = record
  return { record: { ...kept, versions }, findings: distinct(findings) }
}

function rewrittenArn(told: Told, { from, to }: { from: string; to: string }): Finding {
  return { kind: 'rewritten', ...told, reason: `${from} -> ${to}` }
}

function foreignArn(told: Told, { arn, countsHere }: ForeignArn): Finding {
  const effect = countsHere ? 'BEGINS TO MATCH here: look at it' : 'matches nothing here'
  const reason = `names ${arn}, of another account or region than the source: left as it is, and ${effect}`
  return { kind: 'differs', ...told, reason }
}

/** Versions of one policy say the same things. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((each) => [`${each.kind} ${each.reason}`, each])).values()]
}

function planRoleAlias(record: RecordOf<'role-alias'>, { to }: PlanSettings): Planned {
  const account = /^arn:[^:]*:iam::(\d{12}):/.exec(record.roleArn)?.[1]
  const elsewhere = account === to.account ? '' : `, of account ${account}`
  const reason = `keeps its role ${record.roleArn}${elsewhere}, which must trust this service (sts:AssumeRole, sts:TagSession)`
  const told = { collection: 'role-aliases', name: record.name } as const
  return { record, findings: [{ kind: 'differs', ...told, reason }] }
}

function planAttachment(record: RecordOf<'policy-attachment'>): Planned {
  const { policy, target } = record
  if (target.kind !== 'other') return { record, findings: [] }
  const told = { collection: 'policy-attachments', name: policy } as const
  return leaveOut(told, `attached to ${target.name}, which is neither certificate nor thing group`)
}

function planPrincipals(record: RecordOf<'thing-principals'>): Planned {
  const { thing, principals } = record
  const kept = principals.filter(({ kind }) => kind === 'certificate')
  const told = { collection: 'thing-principals', name: thing } as const
  const findings = principals
    .filter(({ kind }) => kind === 'other')
    .map(({ name }) => ({
      ...{ kind: 'left-out', ...told },
      reason: `attached to ${name}, which is no certificate`,
    })) satisfies readonly Finding[]
  return kept.length === 0 ? { findings } : { record: { ...record, principals: kept }, findings }
}
