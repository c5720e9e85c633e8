import { type EdgeTarget, targetId } from '../src/registry/items/policy-edge.ts'
import { type Comparison, counted, tally, textOf } from './registry-comparison.ts'
import {
  claims,
  deletions,
  groupChildren,
  memberships,
  policyTexts,
  tags,
} from './registry-contradictions-records.ts'
import { missingShards, strayShards, unlistedCas } from './registry-contradictions-revocation.ts'
import type { RegistryItems } from './registry-walk.ts'

/**
 * Everything in a registry that contradicts something else: edges that lead nowhere, counts that are wrong. Where an upload of a revocation list was
 * interrupted, its rows may still lie about.
 */
export function findContradictions(
  items: RegistryItems,
  options: { readonly interrupted?: boolean } = {},
): readonly string[] {
  const comparisons = [
    ...edges(items),
    ...counts(items),
    ...policyTexts(items),
    ...memberships(items),
    ...groupChildren(items),
    ...tags(items),
    ...claims(items),
    ...deletions(items),
    ...missingShards(items),
    ...unlistedCas(items),
    ...(options.interrupted === true ? [] : strayShards(items)),
  ]
  return comparisons.flatMap(({ of, is, should }) => {
    const [one, other] = [is.toSorted().join('\n'), should.toSorted().join('\n')]
    return one === other ? [] : [`${of}: has\n${one}\nshould have\n${other}`]
  })
}

const targetText = (tenantId: string, target: EdgeTarget): string =>
  [
    tenantId,
    target.kind,
    'certificateId' in target
      ? target.certificateId
      : 'groupName' in target
        ? target.groupName
        : target.roleAlias,
    targetId(target),
  ].join(' ')

/** The live records that edges may lead to and from, each with the id that tells it from an earlier one. */
function liveTargets(items: RegistryItems): ReadonlyMap<string, number> {
  return new Map([
    ...items.certificates.map(
      ({ record: { tenantId, certificateId, registrationId }, policyCount }) =>
        [
          targetText(tenantId, { kind: 'certificate', certificateId, registrationId }),
          policyCount,
        ] as const,
    ),
    ...items.groups.map(
      ({ tenantId, groupName, groupId, policyCount }) =>
        [targetText(tenantId, { kind: 'thing-group', groupName, groupId }), policyCount] as const,
    ),
    ...items.aliases.map(
      ({ tenantId, record: { roleAlias }, aliasId, policyCount }) =>
        [targetText(tenantId, { kind: 'role-alias', roleAlias, aliasId }), policyCount] as const,
    ),
  ])
}

function edges(items: RegistryItems): readonly Comparison[] {
  const targets = liveTargets(items)
  const generations = new Set(
    items.policies.map(({ tenantId, policyName, generationId }) =>
      textOf([tenantId, policyName, generationId]),
    ),
  )
  const registrations = new Set(
    items.certificates.map(({ record }) =>
      textOf([record.tenantId, record.certificateId, record.registrationId]),
    ),
  )
  const thingIds = new Set(
    items.things.map(({ tenantId, record }) =>
      textOf([tenantId, record.thingName, record.thingId]),
    ),
  )
  const dangling = (list: readonly unknown[], isLive: (edge: never) => boolean) =>
    list.filter((edge) => !isLive(edge as never)).map(textOf)
  return [
    {
      of: 'policy edges without target or policy',
      is: dangling(
        items.policyEdges,
        ({ tenantId, target, policyName, generationId }: RegistryItems['policyEdges'][number]) =>
          targets.has(targetText(tenantId, target)) &&
          generations.has(textOf([tenantId, policyName, generationId])),
      ),
      should: [],
    },
    {
      of: 'thing edges without certificate or thing',
      is: dangling(
        items.thingEdges,
        (edge: RegistryItems['thingEdges'][number]) =>
          registrations.has(textOf([edge.tenantId, edge.certificateId, edge.registrationId])) &&
          thingIds.has(textOf([edge.tenantId, edge.thingName, edge.thingId])),
      ),
      should: [],
    },
    {
      of: 'policy edges, the other way',
      is: items.policyEdgesBack.map(textOf),
      should: items.policyEdges.map(textOf),
    },
    {
      of: 'thing edges, the other way',
      is: items.thingEdgesBack.map(textOf),
      should: items.thingEdges.map(textOf),
    },
    {
      of: 'rows of CAs',
      is: items.caCertificates.map(({ certificateId, caCertificateId }) =>
        textOf([certificateId, caCertificateId]),
      ),
      should: items.certificates.flatMap(({ record: { certificateId, registration } }) =>
        registration.kind === 'ca' ? [textOf([certificateId, registration.caCertificateId])] : [],
      ),
    },
  ]
}

function counts(items: RegistryItems): readonly Comparison[] {
  const usage = (roleAliasesOnly: boolean) => ({
    is: counted(
      items.usages.map((each) => [
        textOf([each.tenantId, each.policyName, each.generationId]),
        roleAliasesOnly ? each.roleAliasCount : each.attachmentCount,
      ]),
    ),
    should: tally(
      items.policyEdges
        .filter(({ target }) => !roleAliasesOnly || target.kind === 'role-alias')
        .map((each) => textOf([each.tenantId, each.policyName, each.generationId])),
    ),
  })
  return [
    {
      of: 'policies of a target',
      is: counted(liveTargets(items)),
      should: tally(items.policyEdges.map(({ tenantId, target }) => targetText(tenantId, target))),
    },
    { of: 'attachments of a policy', ...usage(false) },
    { of: 'role aliases of a policy', ...usage(true) },
    {
      of: 'things of a certificate',
      is: counted(
        items.certificates.map(({ record, thingCount }) => [record.certificateId, thingCount]),
      ),
      should: tally(items.thingEdges.map(({ certificateId }) => certificateId)),
    },
    {
      of: 'certificates of a thing',
      is: counted(
        items.things.map(({ tenantId, record, principalCount }) => [
          textOf([tenantId, record.thingName]),
          principalCount,
        ]),
      ),
      should: tally(
        items.thingEdges.map(({ tenantId, thingName }) => textOf([tenantId, thingName])),
      ),
    },
    {
      of: 'exclusive things',
      is: items.certificates.flatMap(({ record }) =>
        record.exclusiveThing === undefined
          ? []
          : [`${record.certificateId} ${record.exclusiveThing}`],
      ),
      should: items.thingEdges.flatMap((edge) =>
        edge.exclusive ? [`${edge.certificateId} ${edge.thingName}`] : [],
      ),
    },
    {
      of: 'exclusive things beside others',
      is: items.certificates.flatMap(({ record, thingCount }) =>
        record.exclusiveThing !== undefined && thingCount !== 1 ? [record.certificateId] : [],
      ),
      should: [],
    },
    {
      of: 'children of a group',
      is: counted(
        items.groups.map(({ tenantId, groupId, childCount }) => [
          textOf([tenantId, groupId]),
          childCount,
        ]),
      ),
      should: tally(
        items.groups.flatMap(({ tenantId, parents: [parent] }) =>
          parent ? [textOf([tenantId, parent.groupId])] : [],
        ),
      ),
    },
  ]
}
