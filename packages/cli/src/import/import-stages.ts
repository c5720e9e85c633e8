import type { FleetReader } from './fleet-reader.ts'
import type { Collection, FleetRecord, Place } from './fleet-record.ts'
import type { IotSource } from './iot-source.ts'
import type { Journal } from './journal.ts'
import { readOrderedAttachments } from './read-ordered-attachments.ts'
import type { Stage } from './run-stage.ts'
import { type CopyCa, openCas } from './write-cas.ts'
import { openCertificates } from './write-certificates.ts'
import { openPolicies, openPolicyAttachments } from './write-policies.ts'
import { openRoleAliases, type Profiles } from './write-role-aliases.ts'
import { openGroupMembers, openThingGroups } from './write-thing-groups.ts'
import {
  openDeprecations,
  openThingPrincipals,
  openThings,
  openThingTypes,
} from './write-things.ts'

/** Where a fleet goes: a tenant's part of a control plane. */
export type ImportTarget = {
  readonly iot: IotSource
  readonly place: Place
  readonly profiles: Profiles
  readonly copyCa: CopyCa
}

/** The steps of an import in their order, for the collections that are wanted. */
export function importStages(
  reader: FleetReader,
  { iot, place, profiles, copyCa }: ImportTarget,
  parts: { readonly journal: Journal; readonly only: readonly Collection[] },
): readonly Stage[] {
  const open = {
    'thing-types': openThingTypes(iot),
    'thing-groups': openThingGroups(iot),
    things: openThings(iot),
    'thing-group-members': openGroupMembers(iot),
    cas: openCas(iot, place, copyCa),
    certificates: openCertificates(iot, parts.journal),
    policies: openPolicies(iot),
    'role-aliases': openRoleAliases(iot, profiles),
    'policy-attachments': openPolicyAttachments(iot, place),
    'thing-principals': openThingPrincipals(iot, place),
  } satisfies Record<Collection, unknown>
  const plain = (name: Collection): Stage => ({ name, read: reader[name], open: open[name] })
  const deprecations: Stage = {
    name: 'thing-type-deprecations',
    read: reader['thing-types'],
    open: openDeprecations(iot),
    select: isDeprecatedType,
  }
  const attachments = readOrderedAttachments(reader['policy-attachments'], parts.journal)
  // Things of a deprecated type can be written until it is deprecated here, too.
  const last = parts.only.findLast((name) => name === 'things' || name === 'thing-types')
  return parts.only.flatMap((name): readonly Stage[] => {
    if (name === 'policy-attachments') return [{ ...plain(name), ...attachments }]
    const deprecates = name === last && parts.only.includes('thing-types')
    return deprecates ? [plain(name), deprecations] : [plain(name)]
  })
}

function isDeprecatedType(record: FleetRecord): boolean {
  return record.kind === 'thing-type' && record.deprecated
}
