import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreateRoleAliasCommand,
  DeleteRoleAliasCommand,
  DescribeEndpointCommand,
  DescribeRoleAliasCommand,
  UpdateRoleAliasCommand,
} from '@aws-sdk/client-iot'
import { describe, expect, test } from 'vitest'
import {
  ACCOUNT,
  arn,
  ENDPOINT,
  errorOf,
  FOREIGN_ROLE,
  LOCKED_ROLE,
  NOW,
  OTHER_ROLE,
  OWN_PREFIX,
  ROLE,
  type World,
} from './control-world.ts'

const CALLER = `arn:aws:iam::${ACCOUNT}:user/default`

export function testRoleAliases(world: () => World): void {
  describe('role aliases', () => {
    test('are made, described, changed and deleted', async () => {
      const client = world().client()
      const roleAlias = 'my=al,i@s-1'
      const roleAliasArn = arn(`rolealias/${roleAlias}`)
      const made = await client.send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE }))
      expect(made).toMatchObject({ roleAlias, roleAliasArn })
      const description = async () =>
        (await client.send(new DescribeRoleAliasCommand({ roleAlias }))).roleAliasDescription
      expect(await description()).toEqual({
        ...{ roleAlias, roleAliasArn, roleArn: ROLE, owner: ACCOUNT },
        ...{ credentialDurationSeconds: 3600, creationDate: NOW, lastModifiedDate: NOW },
      })
      await client.send(
        new UpdateRoleAliasCommand({
          roleAlias,
          roleArn: OTHER_ROLE,
          credentialDurationSeconds: 900,
        }),
      )
      expect(await description()).toMatchObject({
        roleArn: OTHER_ROLE,
        credentialDurationSeconds: 900,
      })
      await client.send(
        new UpdateRoleAliasCommand({ roleAlias, credentialDurationSeconds: 43_200 }),
      )
      expect(await description()).toMatchObject({
        roleArn: OTHER_ROLE,
        credentialDurationSeconds: 43_200,
      })
      await client.send(new DeleteRoleAliasCommand({ roleAlias }))
      expect(await errorOf(description())).toEqual([
        'ResourceNotFoundException',
        404,
        `RoleAlias not found (name=${roleAlias})`,
      ])
    })

    test('are not made twice', async () => {
      const client = world().client()
      const make = () =>
        client.send(new CreateRoleAliasCommand({ roleAlias: 'twice', roleArn: ROLE }))
      await make()
      const thrown = await make().catch((error: unknown) => error)
      expect(thrown).toMatchObject({
        name: 'ResourceAlreadyExistsException',
        message: 'RoleAlias cannot be created - already exists (name=twice)',
        resourceId: 'twice',
        resourceArn: arn('rolealias/twice'),
        $metadata: { httpStatusCode: 409 },
      })
    })

    test('that are not there are neither changed nor deleted', async () => {
      const client = world().client()
      const roleAlias = 'nobody'
      const missing = ['ResourceNotFoundException', 404, 'RoleAlias not found (name=nobody)']
      expect(await errorOf(client.send(new UpdateRoleAliasCommand({ roleAlias })))).toEqual(missing)
      expect(await errorOf(client.send(new DeleteRoleAliasCommand({ roleAlias })))).toEqual(missing)
    })

    test('are not deleted while a policy is attached', async () => {
      const client = world().client()
      const roleAlias = 'guarded'
      await client.send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE }))
      const policy = { policyName: 'guards', policyDocument: OWN_PREFIX }
      await client.send(new CreatePolicyCommand(policy))
      const target = arn(`rolealias/${roleAlias}`)
      await client.send(new AttachPolicyCommand({ policyName: 'guards', target }))
      expect(await errorOf(client.send(new DeleteRoleAliasCommand({ roleAlias })))).toEqual([
        'DeleteConflictException',
        409,
        'The role alias cannot be deleted as policies are attached to it (name=guarded)',
      ])
    })

    const denied = (role: string) =>
      [
        'AccessDeniedException',
        403,
        `User: ${CALLER} is not authorized to perform: iam:PassRole on resource: ${role}`,
      ] as const
    const outside = (role: string) =>
      [
        'InvalidRequestException',
        400,
        `The role ${role} is none that tenant default may use`,
      ] as const

    test.each([
      ['that the caller may not pass', LOCKED_ROLE, denied(LOCKED_ROLE)],
      ['outside the tenant’s patterns', FOREIGN_ROLE, outside(FOREIGN_ROLE)],
    ])('are not given a role %s', async (what, roleArn, error) => {
      const client = world().client()
      const roleAlias = `role-${what.length}`
      const create = new CreateRoleAliasCommand({ roleAlias, roleArn })
      expect(await errorOf(client.send(create))).toEqual(error)
      await client.send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE }))
      const update = new UpdateRoleAliasCommand({ roleAlias, roleArn })
      expect(await errorOf(client.send(update))).toEqual(error)
      const { roleAliasDescription } = await client.send(
        new DescribeRoleAliasCommand({ roleAlias }),
      )
      expect(roleAliasDescription?.roleArn).toBe(ROLE)
    })

    test('ask for iam:PassRole in the caller’s name', async () => {
      const client = world().client({ profile: 'acme' })
      await client.send(new CreateRoleAliasCommand({ roleAlias: 'asked', roleArn: ROLE }))
      expect(world().passed.at(-1)).toBe(`arn:aws:iam::${ACCOUNT}:user/acme ${ROLE}`)
    })

    test.each([
      [
        { roleAlias: 'a b', roleArn: ROLE },
        "Value 'a b' at 'roleAlias' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w=,@-]+",
      ],
      [
        { roleAlias: 'a'.repeat(129), roleArn: ROLE },
        "at 'roleAlias' failed to satisfy constraint: Member must have length less than or equal to 128",
      ],
      [
        { roleAlias: 'a', roleArn: undefined as unknown as string },
        "Value at 'roleArn' failed to satisfy constraint: Member must not be null",
      ],
      [
        { roleAlias: 'a', roleArn: 'arn:aws:iam::1:role/x' },
        "at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern",
      ],
      [
        { roleAlias: 'a', roleArn: ROLE, credentialDurationSeconds: 899 },
        "Value '899' at 'credentialDurationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
      ],
      [
        { roleAlias: 'a', roleArn: ROLE, credentialDurationSeconds: 43_201 },
        "Value '43201' at 'credentialDurationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
      ],
      [
        { roleAlias: 'a', roleArn: ROLE, tags: [{ Key: 'aws:k', Value: 'v' }] },
        "at 'tags' failed to satisfy constraint: Member must not have keys that start with aws:",
      ],
    ])('are not made of %j', async (input, message) => {
      const [name, status, text] = await errorOf(
        world().client().send(new CreateRoleAliasCommand(input)),
      )
      expect([name, status]).toEqual(['InvalidRequestException', 400])
      expect(text).toContain('1 validation error detected: ')
      expect(text).toContain(message)
    })
  })

  describe('the endpoint', () => {
    test('of the credential provider is where devices connect', async () => {
      const described = await world()
        .client()
        .send(new DescribeEndpointCommand({ endpointType: 'iot:CredentialProvider' }))
      expect(described.endpointAddress).toBe(ENDPOINT)
    })

    test.each([undefined, 'iot:Data-ATS', 'iot:Jobs'])(
      'of type %s is not served',
      async (endpointType) => {
        const call = world().client().send(new DescribeEndpointCommand({ endpointType }))
        expect(await errorOf(call)).toEqual([
          'InvalidRequestException',
          400,
          'Only the endpoint type iot:CredentialProvider is served here',
        ])
      },
    )
  })
}
