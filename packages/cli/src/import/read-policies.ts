import {
  GetPolicyVersionCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListTargetsForPolicyCommand,
} from '@aws-sdk/client-iot'
import { type EntryPage, gather, listAll, pageOf, type ReadCollection } from './fleet-reader.ts'
import type { FleetRecord, PolicyHolder, PolicyText } from './fleet-record.ts'
import { type IotSource, needed, PAGE_SIZE, withValues } from './iot-source.ts'
import { readTags } from './read-tags.ts'
import { placeOf, resourceOf } from './rewrite-arns.ts'

/** Reads policies with all their versions. */
export function readPolicies(source: IotSource): ReadCollection {
  return async function* (cursor) {
    for await (const { items, next } of listAll((marker) => listPolicies(source, marker), cursor)) {
      const entries = items.map(({ name, arn }) => ({
        key: name,
        load: () => readPolicy(source, name, arn),
      }))
      yield withValues({ entries, next }) as EntryPage
    }
  }
}

/** Names and ARNs of one page of policies. */
export async function listPolicies({ client, call }: IotSource, marker: string | undefined) {
  const command = new ListPoliciesCommand({ marker, pageSize: PAGE_SIZE })
  const { policies = [], nextMarker } = await call(() => client.send(command))
  const items = policies.map(({ policyName, policyArn }) => ({
    name: needed(policyName, 'policyName'),
    arn: needed(policyArn, 'policyArn'),
  }))
  return { items, next: nextMarker }
}

async function readPolicy(source: IotSource, name: string, arn: string): Promise<FleetRecord> {
  const place = placeOf(arn)
  return {
    kind: 'policy',
    name,
    ...(place === undefined ? {} : { place }),
    versions: await readVersions(source, name),
    tags: await readTags(source, arn),
  }
}

/** All versions of one policy, oldest first. */
export async function readVersions(
  { client, call }: IotSource,
  policyName: string,
): Promise<readonly (PolicyText & { readonly versionId: string })[]> {
  const list = new ListPolicyVersionsCommand({ policyName })
  const { policyVersions = [] } = await call(() => client.send(list))
  const oldestFirst = policyVersions
    .map(({ versionId, isDefaultVersion }) => ({
      versionId: needed(versionId, 'versionId'),
      isDefault: isDefaultVersion ?? false,
    }))
    .toSorted((one, other) => Number(one.versionId) - Number(other.versionId))
  return Promise.all(
    oldestFirst.map(async ({ versionId, isDefault }) => {
      const command = new GetPolicyVersionCommand({ policyName, policyVersionId: versionId })
      const { policyDocument } = await call(() => client.send(command))
      return { document: needed(policyDocument, 'policyDocument'), isDefault, versionId }
    }),
  )
}

/** Reads what each policy is attached to. */
export function readPolicyAttachments(source: IotSource): ReadCollection {
  return async function* () {
    for await (const { items } of listAll((marker) => listPolicies(source, marker))) {
      for (const { name: policy } of items) {
        for await (const page of listAll((marker) => listTargets(source, policy, marker))) {
          yield pageOf(
            page.items.map((target) => ({
              key: `${policy} ${target.kind} ${target.name}`,
              record: { kind: 'policy-attachment', policy, target },
            })),
          )
        }
      }
    }
  }
}

const HOLDERS: Readonly<Record<string, PolicyHolder['kind']>> = {
  cert: 'certificate',
  thinggroup: 'thing-group',
  rolealias: 'role-alias',
}

async function listTargets(
  { client, call }: IotSource,
  policyName: string,
  marker: string | undefined,
) {
  const command = new ListTargetsForPolicyCommand({ policyName, marker, pageSize: PAGE_SIZE })
  const { targets = [], nextMarker } = await call(() => client.send(command))
  return { items: targets.map(holderOf), next: nextMarker }
}

function holderOf(target: string): PolicyHolder {
  const resource = resourceOf(target)
  const kind = HOLDERS[resource?.kind ?? '']
  return resource === undefined || kind === undefined
    ? { kind: 'other', name: target }
    : { kind, name: resource.name }
}

/** What one policy is attached to. */
export function targetsOf(source: IotSource, policyName: string): Promise<readonly PolicyHolder[]> {
  return gather((marker) => listTargets(source, policyName, marker))
}
