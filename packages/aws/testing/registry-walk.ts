import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import type { Item } from '../src/registry/attributes.ts'
import { decodeAudit } from '../src/registry/items/audit.ts'
import { decodeCa } from '../src/registry/items/ca.ts'
import { decodeCaCertificate } from '../src/registry/items/ca-certificate.ts'
import { decodeCaClaim } from '../src/registry/items/ca-claim.ts'
import { decodeCertificate } from '../src/registry/items/certificate.ts'
import { decodePolicy, decodePolicyVersion } from '../src/registry/items/policy.ts'
import { decodePolicyEdge } from '../src/registry/items/policy-edge.ts'
import { decodePolicyUsage } from '../src/registry/items/policy-usage.ts'
import { decodeTags } from '../src/registry/items/resource-tags.ts'
import { decodeRevocationList } from '../src/registry/items/revocation-list.ts'
import { decodeRevocationShard } from '../src/registry/items/revocation-shard.ts'
import { decodeRevocationUpload } from '../src/registry/items/revocation-upload.ts'
import { decodeRoleAlias } from '../src/registry/items/role-alias.ts'
import { decodeThing } from '../src/registry/items/thing.ts'
import { decodeThingEdge } from '../src/registry/items/thing-edge.ts'
import { decodeThingGroup } from '../src/registry/items/thing-group.ts'
import { decodeThingGroupChild } from '../src/registry/items/thing-group-child.ts'
import { decodeThingMembership } from '../src/registry/items/thing-membership.ts'
import { decodeThingType } from '../src/registry/items/thing-type.ts'

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
    groupChildren: all('thing-group-child', decodeThingGroupChild),
    types: all('thing-type', decodeThingType),
    tags: all('tags', ownedTags),
    aliases: all('role-alias', decodeRoleAlias),
    policies: all('policy', decodePolicy),
    versions: all('policy-version', decodePolicyVersion),
    usages: all('policy-usage', decodePolicyUsage),
    cas: all('ca', decodeCa),
    claims: all('ca-claim', decodeCaClaim),
    revocationLists: all('revocation-list', decodeRevocationList),
    revocationShards: all('revocation-shard', decodeRevocationShard),
    revocationUploads: all('revocation-upload', decodeRevocationUpload),
    caCertificates: all('ca-certificate', decodeCaCertificate),
    thingEdges: all('certificate-thing', (item) => decodeThingEdge(item, 'certificate')),
    thingEdgesBack: all('thing-certificate', (item) => decodeThingEdge(item, 'thing')),
    policyEdges: all('target-policy', (item) => decodePolicyEdge(item, 'target')),
    policyEdgesBack: all('policy-target', (item) => decodePolicyEdge(item, 'policy')),
    audits: all('audit', decodeAudit),
  }
}

/** Tags with the partition they lie in. */
function ownedTags(item: Item) {
  const pk = item.pk?.S ?? ''
  return { pk, ...decodeTags(item, { pk, sk: '' }) }
}
