import { findContradictions } from '@thingpass/aws/testing/registry-contradictions'
import type { RegistryItems } from '@thingpass/aws/testing/registry-walk'
import type { Knowledge } from './lane.ts'

/** The keys of everything that a registry holds, named as parts are. */
export function keysOf(items: RegistryItems): ReadonlySet<string> {
  return new Set([
    ...items.things.map(({ record }) => `thing ${record.thingName}`),
    ...items.certificates.map(({ record }) => `certificate ${record.certificateId}`),
    ...items.policies.map(({ policyName }) => `policy ${policyName}`),
    ...items.aliases.map(({ record }) => `alias ${record.roleAlias}`),
    ...items.groups.map(({ groupName }) => `group ${groupName}`),
    ...items.cas.map(({ record }) => `ca ${record.caCertificateId}`),
    ...items.thingEdges.map(
      ({ thingName, certificateId }) => `attached ${thingName} ${certificateId}`,
    ),
    ...items.policyEdges.map(({ policyName, target }) =>
      target.kind === 'certificate'
        ? `policy ${policyName} of certificate ${target.certificateId}`
        : `policy ${policyName} of group ${'groupName' in target ? target.groupName : ''}`,
    ),
    ...items.memberships.map(({ thingName, groupName }) => `member ${thingName} ${groupName}`),
  ])
}

/** What is wrong with a registry after a kill, a line each: contradictions, and acknowledged changes that are not there. */
export function problemsOf(
  items: RegistryItems,
  known: ReadonlyMap<string, Knowledge>,
  audits: { readonly least: number; readonly most: number },
): readonly string[] {
  const keys = keysOf(items)
  const lost = [...known].flatMap(([key, knowledge]) => {
    if (knowledge === 'there' && !keys.has(key)) return [`acknowledged, and not there: ${key}`]
    if (knowledge === 'gone' && keys.has(key)) return [`acknowledged as gone, and there: ${key}`]
    return []
  })
  const count = items.audits.length
  const audited = audits.least <= count && count <= audits.most
  return [
    ...findContradictions(items),
    ...lost,
    ...(audited ? [] : [`${count} audit items; ${audits.least} to ${audits.most} changes`]),
  ]
}

/** Replaces what is not known of a lane by what is so. */
export function settle(known: Map<string, Knowledge>, items: RegistryItems): void {
  const keys = keysOf(items)
  for (const [key, knowledge] of known) {
    if (knowledge === 'unknown') known.set(key, keys.has(key) ? 'there' : 'gone')
  }
}
