import {
  AddThingToThingGroupCommand,
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreatePolicyCommand,
  CreateRoleAliasCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DeleteCACertificateCommand,
  DeleteCertificateCommand,
  DeletePolicyCommand,
  DeleteRoleAliasCommand,
  DeleteThingCommand,
  DeleteThingGroupCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  type IoTClient,
  RegisterCACertificateCommand,
  RegisterCertificateWithoutCACommand,
  RemoveThingFromThingGroupCommand,
} from '@aws-sdk/client-iot'

/** One thing that is there or is not: a record, or an edge between two. */
export type Part = {
  /** Names it in the registry, too. */
  readonly key: string
  /** What must be there first, and must not go before. */
  readonly ends: readonly string[]
  readonly make: (client: IoTClient) => Promise<unknown>
  readonly remove: (client: IoTClient) => Promise<unknown>
}

const ARN = 'arn:aws:iot:us-east-1:123456789012'
const ROLE = 'arn:aws:iam::123456789012:role/thingpass-demo-camera'
const DOCUMENT =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}'

const thing = (thingName: string): Part => ({
  key: `thing ${thingName}`,
  ends: [],
  make: (client) => client.send(new CreateThingCommand({ thingName })),
  remove: (client) => client.send(new DeleteThingCommand({ thingName })),
})

/** Registered INACTIVE, so that it may be deleted as it is. */
const certificate = ({ id, pem }: Certificate): Part => ({
  key: `certificate ${id}`,
  ends: [],
  make: (client) =>
    client.send(
      new RegisterCertificateWithoutCACommand({ certificatePem: pem, status: 'INACTIVE' }),
    ),
  remove: (client) => client.send(new DeleteCertificateCommand({ certificateId: id })),
})

const policy = (policyName: string): Part => ({
  key: `policy ${policyName}`,
  ends: [],
  make: (client) => client.send(new CreatePolicyCommand({ policyName, policyDocument: DOCUMENT })),
  remove: (client) => client.send(new DeletePolicyCommand({ policyName })),
})

const alias = (roleAlias: string): Part => ({
  key: `alias ${roleAlias}`,
  ends: [],
  make: (client) => client.send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE })),
  remove: (client) => client.send(new DeleteRoleAliasCommand({ roleAlias })),
})

const group = (thingGroupName: string): Part => ({
  key: `group ${thingGroupName}`,
  ends: [],
  make: (client) => client.send(new CreateThingGroupCommand({ thingGroupName })),
  remove: (client) => client.send(new DeleteThingGroupCommand({ thingGroupName })),
})

/** Registered INACTIVE, so that it may be deleted as it is. */
const ca = ({ id, pem }: Certificate): Part => ({
  key: `ca ${id}`,
  ends: [],
  make: (client) => client.send(new RegisterCACertificateCommand({ caCertificate: pem })),
  remove: (client) => client.send(new DeleteCACertificateCommand({ certificateId: id })),
})

const attachedThing = (thingName: string, id: string): Part => {
  const input = { thingName, principal: `${ARN}:cert/${id}` }
  return {
    key: `attached ${thingName} ${id}`,
    ends: [`thing ${thingName}`, `certificate ${id}`],
    make: (client) => client.send(new AttachThingPrincipalCommand(input)),
    remove: (client) => client.send(new DetachThingPrincipalCommand(input)),
  }
}

const attachedPolicy = (
  policyName: string,
  to: { readonly kind: 'certificate' | 'group'; readonly name: string },
): Part => {
  const path = to.kind === 'certificate' ? `cert/${to.name}` : `thinggroup/${to.name}`
  const input = { policyName, target: `${ARN}:${path}` }
  return {
    key: `policy ${policyName} of ${to.kind} ${to.name}`,
    ends: [`policy ${policyName}`, `${to.kind} ${to.name}`],
    make: (client) => client.send(new AttachPolicyCommand(input)),
    remove: (client) => client.send(new DetachPolicyCommand(input)),
  }
}

const member = (thingName: string, thingGroupName: string): Part => {
  const input = { thingName, thingGroupName }
  return {
    key: `member ${thingName} ${thingGroupName}`,
    ends: [`thing ${thingName}`, `group ${thingGroupName}`],
    make: (client) => client.send(new AddThingToThingGroupCommand(input)),
    remove: (client) => client.send(new RemoveThingFromThingGroupCommand(input)),
  }
}

/** A certificate, of a device or of a CA, with its id. */
export type Certificate = { readonly id: string; readonly pem: string }

/** What all lanes attach to and detach from; it never goes. */
export const SHARED = { policy: 'kills-shared', group: 'kills-shared' } as const
export const SHARED_PARTS: readonly Part[] = [policy(SHARED.policy), group(SHARED.group)]

/** Everything that one lane makes and removes, edges to what is shared among it. */
export function partsOfLane(
  lane: string,
  made: { readonly devices: readonly Certificate[]; readonly cas: readonly Certificate[] },
): readonly Part[] {
  const things = [`${lane}-t0`, `${lane}-t1`]
  const [policies, groups] = [[`${lane}-p0`], [`${lane}-g0`]]
  const anyPolicy = [...policies, SHARED.policy]
  const anyGroup = [...groups, SHARED.group]
  const targets = [
    ...made.devices.map(({ id }) => ({ kind: 'certificate', name: id }) as const),
    ...groups.map((name) => ({ kind: 'group', name }) as const),
  ]
  return [
    ...things.map(thing),
    ...made.devices.map(certificate),
    ...policies.map(policy),
    alias(`${lane}-a0`),
    ...groups.map(group),
    ...made.cas.map(ca),
    ...things.flatMap((name) => made.devices.map(({ id }) => attachedThing(name, id))),
    ...anyPolicy.flatMap((name) => targets.map((target) => attachedPolicy(name, target))),
    ...things.flatMap((name) => anyGroup.map((groupName) => member(name, groupName))),
  ]
}
