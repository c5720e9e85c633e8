// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreateRoleAliasCommand,
  DetachPolicyCommand,
  ListAttachedPoliciesCommand,
} from '@aws-sdk/client-iot'
import { parseTenantId, parseThingGroupName } from '@thingpass/core/names'
import { describe, expect, test } from 'vitest'
import {
  ASSUME,
  arn,
  errorOf,
  OWN_PREFIX,
  ROLE,
  UNRENDERABLE,
  type World,
} from './control-world.ts'

const DEFAULT = parseTenantId('default')!
let last = 0
const newName = (what: string) => {
  last += 1
  return `${what}-${String(last).padStart(4, '0')}`
}

export function testAttachments(world: () => World): void {
  const client = () => world().client()
  const attach = (policyName: string, target: string) =>
    client().send(new AttachPolicyCommand({ policyName, target }))
  const detach = (policyName: string, target: string) =>
    client().send(new DetachPolicyCommand({ policyName, target }))
  const attached = async (target: string, more = {}) => {
    const command = new ListAttachedPoliciesCommand({ target, ...more })
    return (await client().send(command)).policies
  }

  async function newPolicy(policyDocument = OWN_PREFIX) {
    const policyName = newName('attached')
    await client().send(new CreatePolicyCommand({ policyName, policyDocument }))
    return { policyName, policyArn: arn(`policy/${policyName}`) }
  }

  async function newAlias() {
    const roleAlias = newName('alias')
    await client().send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE }))
    return arn(`rolealias/${roleAlias}`)
  }

  async function newGroup(parent?: string) {
    const name = newName('group')
    const groupName = parseThingGroupName(name)!
    const parentGroupName = parent === undefined ? undefined : parseThingGroupName(parent)
    await world().writes.createThingGroup({
      ...{ tenantId: DEFAULT, groupName, attributes: new Map() },
      ...(parentGroupName === undefined ? {} : { parentGroupName }),
    })
    return { name, target: arn(`thinggroup/${name}`) }
  }

  const targets: Readonly<Record<string, () => Promise<string>>> = {
    certificate: async () => (await world().registerDevice('default')).certificateArn,
    'thing group': async () => (await newGroup()).target,
    'role alias': newAlias,
  }

  describe.each(Object.entries(targets))('policies of a %s', (_, newTarget) => {
    test('are attached and detached, each as often as one likes', async () => {
      const target = await newTarget()
      const one = await newPolicy()
      const other = await newPolicy()
      await attach(one.policyName, target)
      await attach(one.policyName, target)
      await attach(other.policyName, target)
      expect(await attached(target)).toEqual([one, other])
      await detach(one.policyName, target)
      await detach(one.policyName, target)
      expect(await attached(target)).toEqual([other])
    })

    test('are found in pages', async () => {
      const target = await newTarget()
      const policies = [await newPolicy(), await newPolicy()]
      for (const { policyName } of policies) await attach(policyName, target)
      const first = new ListAttachedPoliciesCommand({ target, pageSize: 1 })
      const { policies: one, nextMarker: marker } = await client().send(first)
      const second = new ListAttachedPoliciesCommand({ target, pageSize: 1, marker })
      const { policies: other, nextMarker } = await client().send(second)
      expect([one, other]).toEqual([policies.slice(0, 1), policies.slice(1)])
      expect(nextMarker).toBeUndefined()
    })

    test('are not found where there is no such policy', async () => {
      const target = await newTarget()
      const missing = ['ResourceNotFoundException', 404, 'Policy not found (name=nothing)']
      expect(await errorOf(attach('nothing', target))).toEqual(missing)
      expect(await errorOf(detach('nothing', target))).toEqual(missing)
    })

    test('have a bound', async () => {
      const target = await newTarget()
      const most = target.includes('thinggroup') ? 2 : 10
      for (let count = 1; count <= most; count += 1) {
        await attach((await newPolicy()).policyName, target)
      }
      expect(await errorOf(attach((await newPolicy()).policyName, target))).toEqual([
        'LimitExceededException',
        410,
        `At most ${most} policies can be attached to ${target}`,
      ])
    })
  })

  test.each([
    ['certificate', arn(`cert/${'0'.repeat(64)}`)],
    ['thing group', arn('thinggroup/nowhere')],
    ['role alias', arn('rolealias/nowhere')],
  ])('a %s that is not there is not found', async (_, target) => {
    const { policyName } = await newPolicy()
    const missing = ['ResourceNotFoundException', 404, `The target does not exist (arn=${target})`]
    expect(await errorOf(attach(policyName, target))).toEqual(missing)
    expect(await errorOf(detach(policyName, target))).toEqual(missing)
    expect(await errorOf(attached(target))).toEqual(missing)
  })

  test.each([
    [
      'of another account',
      'arn:aws:iot:us-east-1:210987654321:rolealias/a',
      'belongs to another account or region',
    ],
    [
      'of another region',
      'arn:aws:iot:eu-west-1:123456789012:rolealias/a',
      'belongs to another account or region',
    ],
    [
      'of another partition',
      'arn:aws-cn:iot:us-east-1:123456789012:rolealias/a',
      'belongs to another account or region',
    ],
    ['of a thing', arn('thing/a'), 'A policy cannot be attached to the given ARN'],
    ['that is none', 'camera', 'The given ARN is not valid'],
    ['with a name outside the grammar', arn('rolealias/a b'), 'The given ARN is not valid'],
  ])('an ARN %s is no target', async (_, target, message) => {
    const { policyName } = await newPolicy()
    const calls = [attach(policyName, target), detach(policyName, target), attached(target)]
    for (const [name, status, text] of await Promise.all(calls.map(errorOf))) {
      expect([name, status]).toEqual(['InvalidRequestException', 400])
      expect(text).toContain(message)
    }
  })

  test('a marker of somebody else’s making is not valid', async () => {
    const target = await newAlias()
    expect(await errorOf(attached(target, { marker: 'b3RoZXI=' }))).toEqual([
      'InvalidRequestException',
      400,
      'The marker is not valid',
    ])
  })

  test('policies of parent groups are listed where they are asked for', async () => {
    const parent = await newGroup()
    const child = await newGroup(parent.name)
    const [own, shared, inherited] = [await newPolicy(), await newPolicy(), await newPolicy()]
    await attach(own.policyName, child.target)
    await attach(shared.policyName, child.target)
    await attach(shared.policyName, parent.target)
    await attach(inherited.policyName, parent.target)
    expect(await attached(child.target)).toEqual([own, shared])
    expect(await attached(child.target, { recursive: true })).toEqual([own, shared, inherited])
  })

  test.each([
    ['an unknown variable', UNRENDERABLE, /Statement\[0\] \(Sid "Own"\): .*thingpass:Nothing/],
    [
      'an old Version',
      OWN_PREFIX.replace('2012-10-17', '2008-10-17'),
      /Version must be 2012-10-17/,
    ],
  ])(
    'a policy with %s is attached to certificates, never to a role alias',
    async (_, text, problem) => {
      const { policyName, policyArn } = await newPolicy(text)
      const { certificateArn } = await world().registerDevice('default')
      await attach(policyName, certificateArn)
      expect(await attached(certificateArn)).toEqual([{ policyName, policyArn }])
      const target = await newAlias()
      const [name, status, message] = await errorOf(attach(policyName, target))
      expect([name, status]).toEqual(['MalformedPolicyException', 400])
      expect(message).toMatch(problem)
      expect(await attached(target)).toEqual([])
    },
  )

  test('an IoT policy cannot limit a role alias', async () => {
    const { policyName } = await newPolicy(
      ASSUME.replace('"*"', '"arn:aws:iot:*:*:rolealias/${iot:ClientId}"'),
    )
    expect((await errorOf(attach(policyName, await newAlias())))[0]).toBe(
      'MalformedPolicyException',
    )
  })
}
