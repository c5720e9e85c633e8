// biome-ignore-all lint/suspicious/noDeprecatedImports: deprecated operations are served too
import {
  AddThingToThingGroupCommand,
  AttachPolicyCommand,
  AttachPrincipalPolicyCommand,
  CreatePolicyCommand,
  CreateRoleAliasCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DetachPrincipalPolicyCommand,
  GetEffectivePoliciesCommand,
  ListPoliciesCommand,
  ListPolicyPrincipalsCommand,
  ListPrincipalPoliciesCommand,
  ListRoleAliasesCommand,
  ListTargetsForPolicyCommand,
} from '@aws-sdk/client-iot'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import {
  ASSUME,
  arn,
  errorOf,
  OWN_PREFIX,
  pagesOf,
  ROLE,
  sorted,
  type World,
} from './control-world.ts'

let last = 0
const newName = (what: string) => {
  last += 1
  return `${what}-${String(last).padStart(4, '0')}`
}
const MARKER = ['InvalidRequestException', 400, 'The marker is not valid']
const unknownId = '0'.repeat(64)

export function testPolicyLists(world: () => World): void {
  const client = () => world().client()

  async function newPolicy() {
    const policyName = newName('listed')
    await client().send(new CreatePolicyCommand({ policyName, policyDocument: OWN_PREFIX }))
    return { policyName, policyArn: arn(`policy/${policyName}`) }
  }
  async function newAlias() {
    const roleAlias = newName('listed-alias')
    await client().send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE }))
    return arn(`rolealias/${roleAlias}`)
  }
  async function newGroup(parentGroupName?: string) {
    const thingGroupName = newName('listed-group')
    await client().send(new CreateThingGroupCommand({ thingGroupName, parentGroupName }))
    return { name: thingGroupName, target: arn(`thinggroup/${thingGroupName}`) }
  }
  const attach = (policyName: string, target: string) =>
    client().send(new AttachPolicyCommand({ policyName, target }))

  describe('lists of a tenant', () => {
    let alone: Awaited<ReturnType<World['newTenant']>>
    const NAMES = ['a', 'b', 'c']
    const lists = {
      policies: async (more: object) => {
        const { policies = [], nextMarker } = await alone.client.send(new ListPoliciesCommand(more))
        return [policies.map(({ policyName }) => policyName), nextMarker] as const
      },
      'role aliases': async (more: object) => {
        const command = new ListRoleAliasesCommand(more)
        const { roleAliases = [], nextMarker } = await alone.client.send(command)
        return [roleAliases, nextMarker] as const
      },
    }

    beforeAll(async () => {
      alone = await world().newTenant()
      for (const name of NAMES) {
        const policy = { policyName: name, policyDocument: ASSUME }
        await alone.client.send(new CreatePolicyCommand(policy))
        await alone.client.send(new CreateRoleAliasCommand({ roleAlias: name, roleArn: ROLE }))
      }
      for (const list of Object.values(lists)) {
        await vi.waitFor(async () => expect((await list({}))[0]).toHaveLength(3))
      }
    })

    test.each(Object.entries(lists))('have %s in pages, either way', async (_, list) => {
      const walk = (more: object) => pagesOf((marker) => list({ pageSize: 2, marker, ...more }))
      expect(await walk({})).toEqual([['a', 'b'], ['c']])
      expect(await walk({ ascendingOrder: true })).toEqual([['a', 'b'], ['c']])
      expect(await walk({ ascendingOrder: false })).toEqual([['c', 'b'], ['a']])
    })

    test.each(Object.entries(lists))('have %s by markers of their own', async (_, list) => {
      expect(await errorOf(list({ marker: 'b3RoZXI=' }))).toEqual(MARKER)
      for (const more of [{ pageSize: 0 }, { pageSize: 251 }, { marker: 'not base64!' }]) {
        expect((await errorOf(list(more))).slice(0, 2)).toEqual(['InvalidRequestException', 400])
      }
    })

    test('have names and ARNs of policies', async () => {
      const command = new ListPoliciesCommand({ pageSize: 1 })
      const { policies } = await alone.client.send(command)
      expect(policies).toEqual([{ policyName: 'a', policyArn: arn('policy/a') }])
    })
  })

  describe('targets of a policy', () => {
    test('are certificates, groups and role aliases, in pages', async () => {
      const { policyName } = await newPolicy()
      const { certificateArn } = await world().registerDevice('default')
      const targets = [certificateArn, (await newGroup()).target, await newAlias()]
      for (const target of targets) await attach(policyName, target)
      const list = async (more: object) => {
        const command = new ListTargetsForPolicyCommand({ policyName, ...more })
        const { targets: found = [], nextMarker } = await client().send(command)
        return [found, nextMarker] as const
      }
      expect(sorted((await list({}))[0])).toEqual(sorted(targets))
      const pages = await pagesOf((marker) => list({ pageSize: 1, marker }))
      expect(sorted(pages.flat())).toEqual(sorted(targets))
      expect(pages.every((page) => page.length <= 1)).toBe(true)
      expect(await errorOf(list({ marker: 'b3RoZXI=' }))).toEqual(MARKER)
    })

    test('are not found of a policy that is not there', async () => {
      const error = ['ResourceNotFoundException', 404, 'Policy not found (name=nothing)']
      const policyName = 'nothing'
      const calls = [
        client().send(new ListTargetsForPolicyCommand({ policyName })),
        client().send(new ListPolicyPrincipalsCommand({ policyName })),
      ]
      for (const each of await Promise.all<unknown>(calls.map(errorOf))) expect(each).toEqual(error)
    })
  })

  describe('the legacy operations', () => {
    const attachOld = (policyName: string, principal: string) =>
      client().send(new AttachPrincipalPolicyCommand({ policyName, principal }))
    const detachOld = (policyName: string, principal: string) =>
      client().send(new DetachPrincipalPolicyCommand({ policyName, principal }))
    const policiesOf = async (principal: string, more: object = {}) => {
      const command = new ListPrincipalPoliciesCommand({ principal, ...more })
      const { policies = [], nextMarker } = await client().send(command)
      return [policies, nextMarker] as const
    }
    const principalsOf = async (policyName: string, more: object = {}) => {
      const command = new ListPolicyPrincipalsCommand({ policyName, ...more })
      const { principals = [], nextMarker } = await client().send(command)
      return [principals, nextMarker] as const
    }

    test('attach, list and detach as the current ones do', async () => {
      const { certificateArn } = await world().registerDevice('default')
      const [one, other] = [await newPolicy(), await newPolicy()]
      await attachOld(one.policyName, certificateArn)
      await attachOld(one.policyName, certificateArn)
      await attach(other.policyName, certificateArn)
      expect((await policiesOf(certificateArn))[0]).toEqual([one, other])
      const backwards = (marker: string | undefined) =>
        policiesOf(certificateArn, { pageSize: 1, ascendingOrder: false, marker })
      expect(await pagesOf(backwards)).toEqual([[other], [one]])
      await detachOld(one.policyName, certificateArn)
      await detachOld(one.policyName, certificateArn)
      expect((await policiesOf(certificateArn))[0]).toEqual([other])
    })

    test('list the certificates of a policy, and no other target', async () => {
      const { policyName } = await newPolicy()
      const [one, other] = [
        (await world().registerDevice('default')).certificateArn,
        (await world().registerDevice('default')).certificateArn,
      ]
      for (const target of [one, other, (await newGroup()).target]) await attach(policyName, target)
      const both = sorted([one, other])
      expect((await principalsOf(policyName))[0]).toEqual(both)
      const backwards = (marker: string | undefined) =>
        principalsOf(policyName, { pageSize: 1, ascendingOrder: false, marker })
      expect((await pagesOf(backwards)).flat()).toEqual(both.toReversed())
    })

    test('know certificates only', async () => {
      const { policyName } = await newPolicy()
      const error = ['InvalidRequestException', 400, 'The given ARN does not represent a cert']
      for (const principal of [(await newGroup()).target, await newAlias(), arn('thing/a')]) {
        const calls = [attachOld(policyName, principal), detachOld(policyName, principal)]
        for (const each of await Promise.all(calls.map(errorOf))) expect(each).toEqual(error)
        expect(await errorOf(policiesOf(principal))).toEqual(error)
      }
    })

    test('do not find what is not there', async () => {
      const { policyName } = await newPolicy()
      const { certificateArn } = await world().registerDevice('default')
      const nowhere = arn(`cert/${unknownId}`)
      const noPolicy = ['ResourceNotFoundException', 404, 'Policy not found (name=nothing)']
      const noTarget = [
        'ResourceNotFoundException',
        404,
        `The target does not exist (arn=${nowhere})`,
      ]
      expect(await errorOf(attachOld('nothing', certificateArn))).toEqual(noPolicy)
      expect(await errorOf(detachOld('nothing', certificateArn))).toEqual(noPolicy)
      expect(await errorOf(attachOld(policyName, nowhere))).toEqual(noTarget)
      expect(await errorOf(detachOld(policyName, nowhere))).toEqual(noTarget)
      expect(await errorOf(policiesOf(nowhere))).toEqual(noTarget)
      expect(await errorOf(policiesOf(certificateArn, { marker: 'b3RoZXI=' }))).toEqual(MARKER)
      expect(await errorOf(principalsOf(policyName, { marker: 'b3RoZXI=' }))).toEqual(MARKER)
    })

    test('have the bound of the current ones', async () => {
      const { certificateArn } = await world().registerDevice('default')
      for (let count = 1; count <= 10; count += 1) {
        await attachOld((await newPolicy()).policyName, certificateArn)
      }
      expect(await errorOf(attachOld((await newPolicy()).policyName, certificateArn))).toEqual([
        'LimitExceededException',
        410,
        `At most 10 policies can be attached to ${certificateArn}`,
      ])
    })
  })

  describe('effective policies', () => {
    const effective = async (principal?: string, thingName?: string, more = {}) => {
      const input = { principal, thingName, ...more }
      return (await client().send(new GetEffectivePoliciesCommand(input))).effectivePolicies
    }
    const whole = (policy: object) => ({ ...policy, policyDocument: OWN_PREFIX })

    test('are a certificate’s own, and those of the groups of its thing and of their parents', async () => {
      const { certificateArn } = await world().registerDevice('default')
      const parent = await newGroup()
      const child = await newGroup(parent.name)
      const thingName = newName('effective')
      await client().send(new CreateThingCommand({ thingName }))
      const member = { thingName, thingGroupName: child.name }
      await client().send(new AddThingToThingGroupCommand(member))
      const [inherited, own, shared] = [await newPolicy(), await newPolicy(), await newPolicy()]
      await attach(inherited.policyName, parent.target)
      await attach(own.policyName, certificateArn)
      for (const target of [certificateArn, child.target]) await attach(shared.policyName, target)
      expect(await effective(certificateArn)).toEqual([own, shared].map(whole))
      expect(await effective(undefined, thingName)).toEqual([inherited, shared].map(whole))
      expect(await effective(child.target)).toEqual([inherited, shared].map(whole))
      expect(await effective(certificateArn, thingName)).toEqual(
        [inherited, own, shared].map(whole),
      )
    })

    test('are not those of what is not there', async () => {
      const nowhere = arn(`cert/${unknownId}`)
      const { certificateArn } = await world().registerDevice('default')
      expect(await errorOf(effective(nowhere))).toEqual([
        'ResourceNotFoundException',
        404,
        `The target does not exist (arn=${nowhere})`,
      ])
      expect(await errorOf(effective(certificateArn, 'nobody'))).toEqual([
        'ResourceNotFoundException',
        404,
        'Thing nobody cannot be found.',
      ])
    })

    test.each([
      [undefined, {}, 'Either principal or thingName must be given'],
      [arn('rolealias/a'), {}, 'The principal is neither a certificate nor a thing group'],
      [arn('policy/a'), {}, 'A policy cannot be attached to the given ARN'],
      [
        undefined,
        { cognitoIdentityPoolId: 'pool', thingName: 'a' },
        'Cognito identities are not supported here',
      ],
    ])('are not given for %j with %j', async (principal, more, message) => {
      const [name, status, text] = await errorOf(effective(principal, undefined, more))
      expect([name, status]).toEqual(['InvalidRequestException', 400])
      expect(text).toContain(message)
    })
  })
}
