import {
  CreatePolicyCommand,
  CreateRoleAliasCommand,
  DescribeRoleAliasCommand,
  GetPolicyCommand,
} from '@aws-sdk/client-iot'
import { describe, expect, test } from 'vitest'
import { ASSUME, errorOf, ROLE, type World } from './control-world.ts'

export function testTenants(world: () => World): void {
  describe('tenants', () => {
    test('have names of their own', async () => {
      const [acme, beta] = [
        world().client({ profile: 'acme' }),
        world().client({ profile: 'beta' }),
      ]
      const roleAlias = 'same'
      const create = (credentialDurationSeconds: number) =>
        new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE, credentialDurationSeconds })
      await acme.send(create(900))
      await beta.send(create(1800))
      const durations = await Promise.all(
        [acme, beta].map((client) => client.send(new DescribeRoleAliasCommand({ roleAlias }))),
      )
      expect(durations.map((each) => each.roleAliasDescription?.credentialDurationSeconds)).toEqual(
        [900, 1800],
      )
      const inDefault = world().client().send(new DescribeRoleAliasCommand({ roleAlias }))
      expect((await errorOf(inDefault))[0]).toBe('ResourceNotFoundException')
    })

    test('are reached by the administrator by prefix', async () => {
      const policyName = 'by-administrator'
      const administrator = world().client({ profile: 'default', tenant: 'acme' })
      await administrator.send(new CreatePolicyCommand({ policyName, policyDocument: ASSUME }))
      const operator = world().client({ profile: 'acme' })
      expect(await operator.send(new GetPolicyCommand({ policyName }))).toMatchObject({
        policyName,
      })
    })

    test('without a record have no control plane', async () => {
      const client = world().client({ profile: 'default', tenant: 'nobody' })
      const create = new CreatePolicyCommand({ policyName: 'p', policyDocument: ASSUME })
      expect(await errorOf(client.send(create))).toEqual([
        'ResourceNotFoundException',
        404,
        'Tenant nobody does not exist',
      ])
    })

    test.each(['beta', 'default', 'acme/../beta', 'acme%2F..%2Fbeta'])(
      'of other operators are closed: acme does not reach /t/%s',
      async (tenant) => {
        const client = world().client({ profile: 'acme', tenant })
        const [name, status] = await errorOf(client.send(new GetPolicyCommand({ policyName: 'p' })))
        expect([403, 404]).toContain(status)
        expect(['AccessDeniedException', 'UnknownOperationException']).toContain(name)
      },
    )

    test.each([
      ['GET', '/role-aliases/camera'],
      ['GET', '/thingpass/tenants'],
      ['GET', '/t/acme'],
      ['GET', '/t/beta/role-aliases/camera'],
      ['GET', '/t/acmee/role-aliases/camera'],
      ['GET', '/%74/acme/role-aliases/camera'],
    ])('have nothing outside their prefix: acme is denied %s %s', async (method, path) => {
      expect(await world().call(method, path, undefined, 'acme')).toMatchObject({
        status: 403,
        errorType: 'AccessDeniedException',
      })
    })

    test.each([
      ['a path nobody has', 'GET', '/nothing'],
      ['a method nobody has', 'POST', '/thingpass/role-aliases/a/session-profile'],
      ['the prefix of default', 'GET', '/t/default/role-aliases/a'],
      ['a prefix in a prefix', 'GET', '/t/acme/t/beta/role-aliases/a'],
      ['tenants under a prefix', 'GET', '/t/acme/thingpass/tenants'],
      ['a dot segment', 'GET', '/t/acme/./role-aliases/a'],
      ['an encoded dot segment', 'GET', '/t/acme/%2e%2e/beta/role-aliases/a'],
    ])('and the administrator finds no operation at %s', async (_, method, path) => {
      expect(await world().call(method, path)).toEqual({
        status: 404,
        errorType: 'UnknownOperationException',
        json: {
          __type: 'UnknownOperationException',
          message: 'The requested operation does not exist',
        },
      })
    })

    test('a label that is no UTF-8 is not valid', async () => {
      expect(await world().call('GET', '/role-aliases/%ff')).toMatchObject({
        status: 400,
        errorType: 'InvalidRequestException',
      })
    })

    test('and no call of all these was a fault', () => {
      expect(world().faults).toEqual([])
    })
  })
}
