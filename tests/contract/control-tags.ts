import {
  CreatePolicyCommand,
  CreateRoleAliasCommand,
  CreateThingGroupCommand,
  CreateThingTypeCommand,
  DeletePolicyCommand,
  ListTagsForResourceCommand,
  type Tag,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-iot'
import { describe, expect, test } from 'vitest'
import { ASSUME, arn, errorOf, ROLE, type World } from './control-world.ts'

let last = 0
const newName = () => {
  last += 1
  return `tagged-${last}`
}

const numbered = (count: number): Tag[] =>
  Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }))

export function testTags(world: () => World): void {
  const client = () => world().client()
  const tag = (resourceArn: string, tags: Tag[]) =>
    client().send(new TagResourceCommand({ resourceArn, tags }))
  const untag = (resourceArn: string, tagKeys: string[]) =>
    client().send(new UntagResourceCommand({ resourceArn, tagKeys }))
  const tagsOf = async (resourceArn: string) =>
    (await client().send(new ListTagsForResourceCommand({ resourceArn }))).tags

  /** What is made with tags, by kind: makes it and gives its ARN. */
  const kinds: Readonly<Record<string, (tags?: Tag[]) => Promise<string>>> = {
    policy: async (tags) => {
      const policyName = newName()
      await client().send(new CreatePolicyCommand({ policyName, policyDocument: ASSUME, tags }))
      return arn(`policy/${policyName}`)
    },
    'role alias': async (tags) => {
      const roleAlias = newName()
      await client().send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE, tags }))
      return arn(`rolealias/${roleAlias}`)
    },
    'thing group': async (tags) => {
      const thingGroupName = newName()
      await client().send(new CreateThingGroupCommand({ thingGroupName, tags }))
      return arn(`thinggroup/${thingGroupName}`)
    },
    'thing type': async (tags) => {
      const thingTypeName = newName()
      await client().send(new CreateThingTypeCommand({ thingTypeName, tags }))
      return arn(`thingtype/${thingTypeName}`)
    },
    'CA certificate': async (tags) => {
      const { caCertificateId } = await world().registerDevice('default')
      const resourceArn = arn(`cacert/${caCertificateId}`)
      await untag(resourceArn, ['a', 'b', 'c', ...numbered(40).map(({ Key = '' }) => Key)])
      if (tags) await tag(resourceArn, tags)
      return resourceArn
    },
  }

  describe.each(Object.entries(kinds))('tags of a %s', (_, make) => {
    test('are given, changed, listed and taken away', async () => {
      const resourceArn = await make()
      expect(await tagsOf(resourceArn)).toEqual([])
      await tag(resourceArn, [{ Key: 'b', Value: '2' }, { Key: 'a' }])
      await tag(resourceArn, [{ Key: 'b', Value: 'ü x' }])
      expect(await tagsOf(resourceArn)).toEqual([
        { Key: 'a', Value: '' },
        { Key: 'b', Value: 'ü x' },
      ])
      await untag(resourceArn, ['a', 'never'])
      expect(await tagsOf(resourceArn)).toEqual([{ Key: 'b', Value: 'ü x' }])
    })

    test('may be there from the beginning', async () => {
      expect(await tagsOf(await make([{ Key: 'c', Value: '1' }]))).toEqual([
        { Key: 'c', Value: '1' },
      ])
    })
  })

  test.each([
    ['policy', arn('policy/nothing')],
    ['role alias', arn('rolealias/nothing')],
    ['thing group', arn('thinggroup/nothing')],
    ['thing type', arn('thingtype/nothing')],
    ['CA certificate', arn(`cacert/${'0'.repeat(64)}`)],
  ])('a %s that is not there has no tags', async (_, resourceArn) => {
    const missing = [
      'ResourceNotFoundException',
      404,
      `The resource does not exist (arn=${resourceArn})`,
    ]
    const calls = [tag(resourceArn, numbered(1)), untag(resourceArn, ['k']), tagsOf(resourceArn)]
    for (const error of await Promise.all(calls.map(errorOf))) expect(error).toEqual(missing)
  })

  test.each([
    ['a thing', arn('thing/a'), 'The given ARN does not represent a resource with tags'],
    [
      'a certificate',
      arn(`cert/${'0'.repeat(64)}`),
      'The given ARN does not represent a resource with tags',
    ],
    ['nothing', 'here', 'The given ARN is not valid'],
    [
      'another account’s',
      'arn:aws:iot:us-east-1:210987654321:policy/a',
      'The given ARN belongs to another account or region',
    ],
  ])('an ARN of %s has no tags', async (_, resourceArn, message) => {
    const error = ['InvalidRequestException', 400, message]
    const calls = [tag(resourceArn, numbered(1)), untag(resourceArn, ['k']), tagsOf(resourceArn)]
    for (const each of await Promise.all(calls.map(errorOf))) expect(each).toEqual(error)
  })

  test('a resource has fifty tags at most', async () => {
    const resourceArn = await kinds.policy!(numbered(49))
    await tag(resourceArn, numbered(50))
    expect(await errorOf(tag(resourceArn, [{ Key: 'one-more', Value: '' }]))).toEqual([
      'LimitExceededException',
      410,
      `At most 50 tags can be attached to ${resourceArn}`,
    ])
    expect(await tagsOf(resourceArn)).toHaveLength(50)
  })

  test('tags go with their resource', async () => {
    const resourceArn = await kinds.policy!(numbered(1))
    const [, policyName = ''] = resourceArn.split('policy/')
    await client().send(new DeletePolicyCommand({ policyName }))
    await client().send(new CreatePolicyCommand({ policyName, policyDocument: ASSUME }))
    expect(await tagsOf(resourceArn)).toEqual([])
  })

  test('a group is made again with the same tags only', async () => {
    const thingGroupName = newName()
    const make = (tags: Tag[]) =>
      client().send(new CreateThingGroupCommand({ thingGroupName, tags }))
    const { thingGroupId } = await make(numbered(2))
    expect((await make(numbered(2))).thingGroupId).toBe(thingGroupId)
    expect((await errorOf(make(numbered(1))))[0]).toBe('ResourceAlreadyExistsException')
  })

  test.each([
    [numbered(51), 'Member must have length within [0, 50]'],
    [[{ Key: '' }], "at 'tags.1.member.Key'"],
    [[{ Key: 'a"b' }], "at 'tags.1.member.Key'"],
    [[{ Key: 'k'.repeat(129) }], 'less than or equal to 128'],
    [[{ Key: 'a', Value: 'v'.repeat(257) }], 'less than or equal to 256'],
    [[{ Value: 'v' } as Tag], 'Member must not be null'],
    [[{ Key: 'a' }, { Key: 'a' }], 'Member must have unique keys'],
    [[{ Key: 'AWS:a' }], 'Member must not have keys that start with aws:'],
  ])('tags such as %j are not given', async (tags: Tag[], message) => {
    const resourceArn = await kinds.policy!()
    const made = await errorOf(kinds['thing type']!(tags))
    expect(made.slice(0, 2)).toEqual(['InvalidRequestException', 400])
    expect(made[2]).toContain(message)
    expect(await errorOf(tag(resourceArn, tags))).toEqual(made)
  })

  test('fifty tags at most are taken away at once, and none of no name', async () => {
    const resourceArn = await kinds.policy!()
    const keys = (count: number) => numbered(count).map(({ Key = '' }) => Key)
    await untag(resourceArn, keys(50))
    for (const tagKeys of [keys(51), ['']]) {
      const error = await errorOf(untag(resourceArn, tagKeys))
      expect(error.slice(0, 2)).toEqual(['InvalidRequestException', 400])
    }
  })

  test('a list of tags has no second page', async () => {
    const resourceArn = await kinds.policy!()
    const command = new ListTagsForResourceCommand({ resourceArn, nextToken: 'MSBh' })
    expect(await errorOf(client().send(command))).toEqual([
      'InvalidRequestException',
      400,
      'The marker is not valid',
    ])
  })
}
