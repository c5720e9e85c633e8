import { createHash } from 'node:crypto'
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import {
  type PolicyName,
  parseCaCertificateId,
  parseCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseRoleArn,
  parseTenantId,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
  type TenantId,
  type ThingGroupName,
  type ThingName,
} from '@thingpass/core/names'
import type {
  CaRecord,
  CertificateRecord,
  RoleAliasRecord,
  TenantRecord,
  ThingRecord,
} from '@thingpass/core/records'
import type { Item } from '../src/registry/attributes.ts'
import { encodeCa } from '../src/registry/items/ca.ts'
import { encodeCertificate } from '../src/registry/items/certificate.ts'
import { encodePolicy } from '../src/registry/items/policy.ts'
import { type EdgeTarget, encodePolicyEdge } from '../src/registry/items/policy-edge.ts'
import {
  encodeRevocationList,
  type RevocationListItem,
} from '../src/registry/items/revocation-list.ts'
import {
  encodeRevocationShard,
  type RevocationShard,
  shardOf,
  shardSetOf,
} from '../src/registry/items/revocation-shard.ts'
import { encodeRoleAlias } from '../src/registry/items/role-alias.ts'
import { encodeTenant } from '../src/registry/items/tenant.ts'
import { encodeThing, type Membership } from '../src/registry/items/thing.ts'
import { encodeThingEdge, type ThingEdge } from '../src/registry/items/thing-edge.ts'
import { encodeThingGroup } from '../src/registry/items/thing-group.ts'
import type { ItemKey } from '../src/registry/keys.ts'

/** The serial number of a world's device. */
export const SERIAL_NUMBER = '5a03'

const DAY = new Date('2026-01-01T00:00:00Z')
const dates = { createdAt: DAY, modifiedAt: DAY }
const hex = (text: string) => createHash('sha256').update(text).digest('hex')

export const THING = parseThingName('cam-1')!
export const TYPE = parseThingTypeName('camera')!
export const ALIAS = parseRoleAlias('camera')!
export const GROUP = parseThingGroupName('site-a')!
export const PARENT = parseThingGroupName('all-sites')!
export const OWN_POLICY = parsePolicyName('own')!
export const GROUP_POLICY = parsePolicyName('site')!
export const PARENT_POLICY = parsePolicyName('all')!
export const SESSION_POLICY = parsePolicyName('session')!

export const ALLOW_ALL =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
export const DENY_ALL =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'

/** One tenant with one device, its records written out. `mark` makes all ids; two worlds share the names of everything. */
export function describeWorld(mark: string) {
  const tenantId = parseTenantId(mark)!
  const certificateId = parseCertificateId(hex(`certificate ${mark}`))!
  const caCertificateId = parseCaCertificateId(hex(`ca ${mark}`))!
  const tenant: TenantRecord = {
    tenantId,
    status: 'ENABLED',
    roleArnPatterns: ['arn:aws:iam::123456789012:role/*'],
    externalId: `external-${mark}`,
    sessionTagKeys: [],
    certificatesWithoutCa: false,
    apiArnPatterns: [],
    defaultThing: 'never',
    inactiveCaRefusesDevices: false,
    authorizerRequiresThing: true,
  }
  const ca: CaRecord = {
    caCertificateId,
    tenantId,
    status: 'ACTIVE',
    publicKey: new TextEncoder().encode(`key of ${mark}`),
  }
  const certificate: CertificateRecord = {
    certificateId,
    tenantId,
    registrationId: `registration-${mark}`,
    status: 'ACTIVE',
    registration: { kind: 'ca', caCertificateId },
  }
  const thing: ThingRecord = {
    thingName: THING,
    thingId: `thing-${mark}`,
    thingTypeName: TYPE,
    attributes: new Map([['owner', mark]]),
    groups: [],
  }
  const alias: RoleAliasRecord = {
    roleAlias: ALIAS,
    roleArn: parseRoleArn(`arn:aws:iam::123456789012:role/${mark}`)!,
    credentialDurationSeconds: 3600,
    sessionProfile: {
      scope: 'role',
      tags: new Map(),
      transitiveTagKeys: [],
      requireThingName: false,
      longDuration: 'clamp',
    },
  }
  return {
    tenantId,
    certificateId,
    caCertificateId,
    tenant,
    ca,
    certificate,
    thing,
    alias,
    issuerHint: hex(`issuer ${mark}`),
    issuerKeySha256: hex(`key of ${mark}`),
  }
}

export type WorldRecords = ReturnType<typeof describeWorld>

/** The items of a world, one by one. */
export function worldItems(records: WorldRecords) {
  const { tenantId, certificateId, certificate, thing, alias, issuerKeySha256 } = records
  const counts = { thingCount: 1, policyCount: 1 }
  const aliasId = `alias-${tenantId}`
  const generationOf = (policyName: PolicyName) => `generation-${policyName}-${tenantId}`
  const groupIdOf = (groupName: ThingGroupName) => `group-${groupName}-${tenantId}`
  const membership = (groupName: ThingGroupName, through = groupName): Membership => ({
    groupName,
    groupId: groupIdOf(groupName),
    through,
  })
  const target = {
    certificate: { kind: 'certificate', certificateId, registrationId: certificate.registrationId },
    alias: { kind: 'role-alias', roleAlias: ALIAS, aliasId },
    group: (groupName: ThingGroupName, groupId = groupIdOf(groupName)) =>
      ({ kind: 'thing-group', groupName, groupId }) as const,
  } as const
  return {
    generationOf,
    groupIdOf,
    membership,
    target,
    tenant: (change: Partial<TenantRecord> = {}) =>
      encodeTenant({ record: { ...records.tenant, ...change }, ...dates }),
    ca: (change: Partial<CaRecord> = {}) =>
      encodeCa({
        record: { ...records.ca, ...change },
        certificateMode: 'DEFAULT',
        autoRegistration: false,
        ...{ generationId: 'ca-1', version: 1, own: false },
        claims: { key: issuerKeySha256, subject: hex('subject') },
        ...dates,
      }),
    /** Its record says which key its CA has, unless it is from before there were lists. */
    certificate: (change: Partial<CertificateRecord> = {}, knowsKey = true) =>
      encodeCertificate({
        record: { ...certificate, ...change },
        ...(knowsKey && { issuerKeySha256 }),
        ...{ certificateMode: 'DEFAULT', version: 1 },
        ...counts,
        ...dates,
      }),
    listedCa: () =>
      encodeCa({
        record: { ...records.ca, revocationListKey: issuerKeySha256 },
        ...{ certificateMode: 'DEFAULT', autoRegistration: false },
        ...{ generationId: 'ca-1', version: 1, own: false },
        claims: { key: issuerKeySha256, subject: hex('subject') },
        ...dates,
      }),
    revocationList: (change: Partial<RevocationListItem> = {}) =>
      encodeRevocationList({
        ...{ keySha256: issuerKeySha256, tenantId, generationId: 'list-2' },
        ...{ number: 2n, thisUpdate: DAY, nextUpdate: DAY, graceSeconds: 0, entryCount: 1 },
        ...{ sha256: hex('list'), issuerSha256: hex('subject'), putAt: DAY },
        shards: shardSetOf([shardOf(SERIAL_NUMBER)]),
        ...change,
      }),
    /** The shard that the device's serial number falls into. */
    revocationShard: (change: Partial<RevocationShard> = {}) =>
      encodeRevocationShard({
        ...{ keySha256: issuerKeySha256, shard: shardOf(SERIAL_NUMBER), generationId: 'list-2' },
        ...{ serialNumbers: [SERIAL_NUMBER], expiresAt: DAY },
        ...change,
      }),
    thing: (memberships: readonly Membership[] = [], change: Partial<ThingRecord> = {}) =>
      encodeThing({
        record: { ...thing, ...change },
        tenantId,
        memberships,
        version: 1,
        principalCount: 1,
        ...dates,
      }),
    thingEdge: (change: Partial<ThingEdge> = {}) =>
      encodeThingEdge(
        {
          certificateId,
          tenantId,
          registrationId: certificate.registrationId,
          thingName: THING,
          thingId: thing.thingId,
          exclusive: false,
          attachedAt: DAY,
          ...change,
        },
        'certificate',
      ),
    alias: (change: Partial<RoleAliasRecord> = {}) =>
      encodeRoleAlias({
        record: { ...alias, ...change },
        tenantId,
        aliasId,
        policyCount: 0,
        ...dates,
      }),
    group: (groupName: ThingGroupName, groupId = groupIdOf(groupName)) =>
      encodeThingGroup({
        tenantId,
        groupName,
        groupId,
        parents: [],
        attributes: new Map(),
        version: 1,
        childCount: 0,
        policyCount: 0,
        createdAt: DAY,
      }),
    policy: (
      policyName: PolicyName,
      document = ALLOW_ALL,
      generationId = generationOf(policyName),
    ) =>
      encodePolicy({
        tenantId,
        policyName,
        generationId,
        defaultVersionId: '3',
        document,
        lastVersion: 3,
        versionCount: 1,
        ...dates,
      }),
    policyEdge: (
      to: EdgeTarget,
      policyName: PolicyName,
      change: { readonly generationId?: string; readonly tenantId?: TenantId } = {},
    ) =>
      encodePolicyEdge(
        {
          tenantId,
          target: to,
          policyName,
          generationId: generationOf(policyName),
          attachedAt: DAY,
          ...change,
        },
        'target',
      ),
  }
}

export type WorldItems = ReturnType<typeof worldItems>

/** The items of a device with a policy of its own, a thing and an alias; no groups, no session policy. */
export function plainDevice(items: WorldItems): readonly Item[] {
  return [
    items.tenant(),
    items.ca(),
    items.certificate(),
    items.thing(),
    items.thingEdge(),
    items.alias(),
    items.policy(OWN_POLICY),
    items.policyEdge(items.target.certificate, OWN_POLICY),
  ]
}

/** What adds to a plain device a revocation list of its CA's key, which names it. */
export function inList(items: WorldItems): readonly Item[] {
  return [items.listedCa(), items.revocationList(), items.revocationShard()]
}

/** What adds to a plain device a group with its parent, a policy on each, and a session policy on the alias. */
export function groupsAndSession(items: WorldItems): readonly Item[] {
  return [
    items.thing([items.membership(GROUP), items.membership(PARENT, GROUP)]),
    items.group(GROUP),
    items.group(PARENT),
    items.policy(GROUP_POLICY),
    items.policy(PARENT_POLICY),
    items.policy(SESSION_POLICY),
    items.policyEdge(items.target.group(GROUP), GROUP_POLICY),
    items.policyEdge(items.target.group(PARENT), PARENT_POLICY),
    items.policyEdge(items.target.alias, SESSION_POLICY),
  ]
}

/** Puts items one after the other. */
export async function putItems(
  { client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string },
  ...items: readonly Item[]
): Promise<void> {
  for (const item of items) {
    await client.send(new PutItemCommand({ TableName: tableName, Item: item }))
  }
}

/** Puts many items, 25 at a time. */
export async function putMany(
  { client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string },
  items: readonly Item[],
): Promise<void> {
  for (let start = 0; start < items.length; start += 25) {
    const puts = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }))
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }))
  }
}

/** Removes an item. */
export async function removeItem(
  { client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string },
  key: ItemKey,
): Promise<void> {
  const Key = { pk: { S: key.pk }, sk: { S: key.sk } }
  await client.send(new DeleteItemCommand({ TableName: tableName, Key }))
}

/** The key of an item. */
export const keyOf = (item: Item): ItemKey => ({ pk: item.pk!.S!, sk: item.sk!.S! })

/** A thing name made of a number. */
export const thingNumber = (number: number): ThingName => parseThingName(`thing-${number}`)!
