import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import type { Item } from '../src/registry/attributes.ts'
import { decodeAudit } from '../src/registry/items/audit.ts'
import { decodeCa } from '../src/registry/items/ca.ts'
import { decodeCaCertificate } from '../src/registry/items/ca-certificate.ts'
import { decodeCaClaim } from '../src/registry/items/ca-claim.ts'
import { decodeCertificate } from '../src/registry/items/certificate.ts'
import { decodePolicy, decodePolicyVersion } from '../src/registry/items/policy.ts'
import { decodePolicyEdge, type EdgeTarget, targetId } from '../src/registry/items/policy-edge.ts'
import { decodePolicyUsage } from '../src/registry/items/policy-usage.ts'
import { decodeRoleAlias } from '../src/registry/items/role-alias.ts'
import { decodeThing } from '../src/registry/items/thing.ts'
import { decodeThingEdge } from '../src/registry/items/thing-edge.ts'
import { decodeThingGroup } from '../src/registry/items/thing-group.ts'
import { decodeThingMembership } from '../src/registry/items/thing-membership.ts'

/** All items of a table, decoded, by kind. */
export type RegistryItems = Awaited<ReturnType<typeof readRegistry>>

/** Reads a whole table. For tests: no request ever does. */
export async function readRegistry(client: DynamoDBClient, tableName: string) {
  const items: Item[] = []
  for await (const page of paginateScan(
    { client },
    { TableName: tableName, ConsistentRead: true },
  )) {
    items.push(...(page.Items ?? []))
  }
  const all = <Value>(kind: string, decode: (item: Item) => Value): readonly Value[] =>
    items.filter((item) => item.kind?.S === kind).map(decode)
  return {
    certificates: all('certificate', decodeCertificate),
    things: all('thing', decodeThing),
    memberships: all('thing-membership', decodeThingMembership),
    groups: all('thing-group', decodeThingGroup),
    aliases: all('role-alias', decodeRoleAlias),
    policies: all('policy', decodePolicy),
    versions: all('policy-version', decodePolicyVersion),
    usages: all('policy-usage', decodePolicyUsage),
    cas: all('ca', decodeCa),
    claims: all('ca-claim', decodeCaClaim),
    caCertificates: all('ca-certificate', decodeCaCertificate),
    thingEdges: all('certificate-thing', (item) => decodeThingEdge(item, 'certificate')),
    thingEdgesBack: all('thing-certificate', (item) => decodeThingEdge(item, 'thing')),
    policyEdges: all('target-policy', (item) => decodePolicyEdge(item, 'target')),
    policyEdgesBack: all('policy-target', (item) => decodePolicyEdge(item, 'policy')),
    audits: all('audit', decodeAudit),
  }
}

/** What one record should agree with, as text: two lists that should be equal. */
type Comparison = {
  readonly of: string
  readonly is: readonly string[]
  readonly should: readonly string[]
}

/** Everything in a registry that contradicts something else: edges that lead nowhere, counts that are wrong. */
export function findContradictions(items: RegistryItems): readonly string[] {
  const comparisons = [
    ...edges(items),
    ...counts(items),
    ...policyTexts(items),
    ...memberships(items),
    ...claims(items),
    ...deletions(items),
  ]
  return comparisons.flatMap(({ of, is, should }) => {
    const [one, other] = [is.toSorted().join('\n'), should.toSorted().join('\n')]
    return one === other ? [] : [`${of}: has\n${one}\nshould have\n${other}`]
  })
}

const textOf = (value: unknown): string => JSON.stringify(value)

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

const tally = (keys: readonly string[]): readonly string[] =>
  [...Map.groupBy(keys, (key) => key)].map(([key, group]) => `${key}: ${group.length}`)

const counted = (pairs: Iterable<readonly [string, number]>): readonly string[] =>
  [...pairs].filter(([, count]) => count !== 0).map(([key, count]) => `${key}: ${count}`)

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

function policyTexts(items: RegistryItems): readonly Comparison[] {
  const names = ({
    tenantId,
    policyName,
    generationId,
  }:
    | RegistryItems['versions'][number]
    | RegistryItems['usages'][number]
    | RegistryItems['policies'][number]) => textOf([tenantId, policyName, generationId])
  const texts = new Set(
    items.versions.map((version) => `${names(version)} ${version.versionId} ${version.document}`),
  )
  return [
    {
      of: 'default versions that are not there',
      is: items.policies
        .map((policy) => `${names(policy)} ${policy.defaultVersionId} ${policy.document}`)
        .filter((pointer) => !texts.has(pointer)),
      should: [],
    },
    {
      of: 'versions of a policy',
      is: items.policies.map((policy) => `${names(policy)}: ${policy.versionCount}`),
      should: tally(items.versions.map(names)),
    },
    {
      of: 'versions above the last',
      is: items.policies.flatMap((policy) =>
        items.versions
          .filter(
            (version) =>
              names(version) === names(policy) && Number(version.versionId) > policy.lastVersion,
          )
          .map(textOf),
      ),
      should: [],
    },
    { of: 'usages', is: items.usages.map(names), should: items.policies.map(names) },
  ]
}

/** Members of groups that went are no contradiction: their group ids are nobody's. */
function memberships(items: RegistryItems): readonly Comparison[] {
  const groups = new Map(
    items.groups.map((group) => [textOf([group.tenantId, group.groupName, group.groupId]), group]),
  )
  return [
    {
      of: 'rows of things for their groups',
      is: items.memberships.map(({ tenantId, thingName, groupName, groupId }) =>
        textOf([tenantId, thingName, groupName, groupId]),
      ),
      should: items.things.flatMap(({ tenantId, record, memberships: all }) =>
        all
          .filter(({ groupName, through }) => groupName === through)
          .map(({ groupName, groupId }) =>
            textOf([tenantId, record.thingName, groupName, groupId]),
          ),
      ),
    },
    ...items.things.flatMap(({ tenantId, record, memberships: all }) =>
      all
        .filter(({ groupName, through }) => groupName === through)
        .flatMap((direct) => {
          const group = groups.get(textOf([tenantId, direct.groupName, direct.groupId]))
          if (!group) return []
          return [
            {
              of: `closure of ${record.thingName} through ${direct.groupName}`,
              is: all
                .filter(({ through }) => through === direct.groupName)
                .map(({ groupId }) => groupId),
              should: [group.groupId, ...group.parents.map(({ groupId }) => groupId)],
            },
          ]
        }),
    ),
  ]
}

function claims(items: RegistryItems): readonly Comparison[] {
  return (['key', 'subject'] as const).map((of) => ({
    of: `claims to a ${of}`,
    is: items.claims
      .filter((claim) => claim.of === of)
      .map(({ tenantId, digest, caCount }) => `${textOf([tenantId, digest])}: ${caCount}`),
    should: tally(items.cas.map(({ record, claims: held }) => textOf([record.tenantId, held[of]]))),
  }))
}

/** What was deleted is one record, made once: a change that met another writer must not say that it deleted what that one did. */
function deletions({ audits }: RegistryItems): readonly Comparison[] {
  const ids = ['registrationId', 'thingId', 'groupId', 'generationId', 'aliasId']
  const deleted = audits
    .filter(({ action }) => action.startsWith('delete-') && action !== 'delete-policy-version')
    .flatMap(({ tenantId, before }) =>
      ids.flatMap((id) => (before?.has(id) ? [textOf([tenantId, id, before.get(id)])] : [])),
    )
  return [{ of: 'records deleted', is: deleted, should: [...new Set(deleted)] }]
}
