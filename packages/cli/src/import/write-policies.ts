import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iot'
import { createUnlessKnown, type OpenDestination, tagList, type Written } from './destination.ts'
import { gather } from './fleet-reader.ts'
import type { Place, PolicyHolder, RecordOf } from './fleet-record.ts'
import { type IotSource, needed } from './iot-source.ts'
import { nextStep } from './policy-steps.ts'
import { listPolicies, readVersions, targetsOf } from './read-policies.ts'

/** Writes policies with all their versions, going on where an earlier run ended. */
export function openPolicies(target: IotSource): OpenDestination {
  return async () => {
    const policies = await gather((marker) => listPolicies(target, marker))
    return {
      known: new Set(policies.map(({ name }) => name)),
      write: (record) => writePolicy(target, record as RecordOf<'policy'>),
    }
  }
}

async function writePolicy(target: IotSource, policy: RecordOf<'policy'>): Promise<Written> {
  const there = await versionsThere(target, policy.name)
  if (there.length === 0) await createPolicy(target, policy)
  let changed = there.length === 0
  let versions = changed ? await readVersions(target, policy.name) : there
  let step = nextStep(policy.versions, versions)
  while (step.kind !== 'done') {
    if (step.kind === 'differs') throw new Error('a policy of this name has other versions here')
    await takeStep(target, policy.name, step)
    changed = true
    versions = await readVersions(target, policy.name)
    step = nextStep(policy.versions, versions)
  }
  return changed ? 'created' : 'already'
}

async function versionsThere(target: IotSource, name: string) {
  try {
    return await readVersions(target, name)
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'ResourceNotFoundException') return []
    throw thrown
  }
}

function createPolicy({ client, call }: IotSource, { name, versions, tags }: RecordOf<'policy'>) {
  const policyDocument = needed(versions[0], 'version').document
  const tagged = tagList(tags)
  const command = new CreatePolicyCommand({ policyName: name, policyDocument, tags: tagged })
  return call(() => client.send(command))
}

async function takeStep(
  { client, call }: IotSource,
  policyName: string,
  step: Exclude<ReturnType<typeof nextStep>, { kind: 'done' | 'differs' }>,
): Promise<void> {
  if (step.kind === 'add-version') {
    const { document: policyDocument } = step
    const add = new CreatePolicyVersionCommand({ policyName, policyDocument, setAsDefault: false })
    await call(() => client.send(add))
    return
  }
  const { versionId: policyVersionId } = step
  const command = new SetDefaultPolicyVersionCommand({ policyName, policyVersionId })
  await call(() => client.send(command))
}

const ARN_KINDS = {
  certificate: 'cert',
  'thing-group': 'thinggroup',
  'role-alias': 'rolealias',
} as const

/** Attaches policies, as far as they are not. */
export function openPolicyAttachments(target: IotSource, place: Place): OpenDestination {
  const { client, call } = target
  return async () => {
    const known = new Set<string>()
    for (const { name } of await gather((marker) => listPolicies(target, marker))) {
      for (const holder of await targetsOf(target, name)) known.add(attachmentKey(name, holder))
    }
    return createUnlessKnown<RecordOf<'policy-attachment'>>(
      known,
      ({ policy, target: holder }) => attachmentKey(policy, holder),
      async ({ policy: policyName, target: holder }) => {
        if (holder.kind === 'other' || known.has(attachmentKey(policyName, holder))) return
        const command = new AttachPolicyCommand({ policyName, target: holderArn(holder, place) })
        await call(() => client.send(command))
      },
    )
  }
}

function attachmentKey(policy: string, { kind, name }: PolicyHolder): string {
  return `${policy} ${kind} ${name}`
}

function holderArn({ kind, name }: PolicyHolder, { partition, region, account }: Place): string {
  const resource = kind === 'other' ? '' : `${ARN_KINDS[kind]}/${name}`
  return `arn:${partition}:iot:${region}:${account}:${resource}`
}
