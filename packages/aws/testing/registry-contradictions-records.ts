import {
  caKey,
  policyKey,
  roleAliasKey,
  thingGroupKey,
  thingTypeKey,
} from '../src/registry/keys.ts'
import { type Comparison, tally, textOf } from './registry-comparison.ts'
import type { RegistryItems } from './registry-walk.ts'

/** Texts of policies that are not those of their versions. */
export function policyTexts(items: RegistryItems): readonly Comparison[] {
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
export function memberships(items: RegistryItems): readonly Comparison[] {
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

/** Tags of records that are not there. */
export function tags(items: RegistryItems): readonly Comparison[] {
  const owners = new Set([
    ...items.cas.map(({ record, generationId }) =>
      textOf([caKey(record.tenantId, record.caCertificateId).pk, generationId]),
    ),
    ...items.policies.map(({ tenantId, policyName, generationId }) =>
      textOf([policyKey(tenantId, policyName).pk, generationId]),
    ),
    ...items.aliases.map(({ tenantId, record, aliasId }) =>
      textOf([roleAliasKey(tenantId, record.roleAlias).pk, aliasId]),
    ),
    ...items.groups.map(({ tenantId, groupName, groupId }) =>
      textOf([thingGroupKey(tenantId, groupName).pk, groupId]),
    ),
    ...items.types.map(({ tenantId, thingTypeName, thingTypeId }) =>
      textOf([thingTypeKey(tenantId, thingTypeName).pk, thingTypeId]),
    ),
  ])
  const tagged = items.tags.map(({ pk, ownerId }) => textOf([pk, ownerId]))
  return [{ of: 'tags of nothing', is: tagged.filter((owner) => !owners.has(owner)), should: [] }]
}

/** Rows of groups for the groups directly below them that do not agree with what those say. */
export function groupChildren(items: RegistryItems): readonly Comparison[] {
  return [
    {
      of: 'rows of groups for their children',
      is: items.groupChildren.map(({ tenantId, parentGroupName, groupName, groupId }) =>
        textOf([tenantId, parentGroupName, groupName, groupId]),
      ),
      should: items.groups.flatMap(({ tenantId, groupName, groupId, parents: [parent] }) =>
        parent ? [textOf([tenantId, parent.groupName, groupName, groupId])] : [],
      ),
    },
  ]
}

/** Claims that do not count the CAs that hold them. */
export function claims(items: RegistryItems): readonly Comparison[] {
  return (['key', 'subject'] as const).map((of) => ({
    of: `claims to a ${of}`,
    is: items.claims
      .filter((claim) => claim.of === of)
      .map(({ tenantId, digest, caCount }) => `${textOf([tenantId, digest])}: ${caCount}`),
    should: tally(items.cas.map(({ record, claims: held }) => textOf([record.tenantId, held[of]]))),
  }))
}

/** What was deleted is one record, made once: a change that met another writer must not say that it deleted what that one did. */
export function deletions({ audits }: RegistryItems): readonly Comparison[] {
  const ids = ['registrationId', 'thingId', 'groupId', 'generationId', 'aliasId', 'thingTypeId']
  const deleted = audits
    .filter(({ action }) => action.startsWith('delete-') && action !== 'delete-policy-version')
    .flatMap(({ tenantId, before }) =>
      ids.flatMap((id) => (before?.has(id) ? [textOf([tenantId, id, before.get(id)])] : [])),
    )
  return [{ of: 'records deleted', is: deleted, should: [...new Set(deleted)] }]
}
