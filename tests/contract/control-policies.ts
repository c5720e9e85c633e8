// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleAliasCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iot'
import { describe, expect, test } from 'vitest'
import {
  ASSUME,
  arn,
  errorOf,
  NOW,
  OWN_PREFIX,
  ROLE,
  UNRENDERABLE,
  type World,
} from './control-world.ts'

let last = 0
const newName = () => {
  last += 1
  return `policy+${last}`
}

export function testPolicies(world: () => World): void {
  const client = () => world().client()
  const create = (policyName: string, policyDocument = ASSUME) =>
    client().send(new CreatePolicyCommand({ policyName, policyDocument }))
  const addVersion = (policyName: string, policyDocument: string, setAsDefault = false) =>
    client().send(new CreatePolicyVersionCommand({ policyName, policyDocument, setAsDefault }))

  describe('policies', () => {
    test('are made, read and deleted', async () => {
      const policyName = newName()
      const policyArn = arn(`policy/${policyName}`)
      expect(await create(policyName)).toMatchObject({
        ...{ policyName, policyArn, policyDocument: ASSUME, policyVersionId: '1' },
      })
      const read = await client().send(new GetPolicyCommand({ policyName }))
      expect(read).toMatchObject({
        ...{ policyName, policyArn, policyDocument: ASSUME, defaultVersionId: '1' },
        ...{ creationDate: NOW, lastModifiedDate: NOW, generationId: expect.any(String) },
      })
      await client().send(new DeletePolicyCommand({ policyName }))
      const missing = ['ResourceNotFoundException', 404, `Policy not found (name=${policyName})`]
      expect(await errorOf(client().send(new GetPolicyCommand({ policyName })))).toEqual(missing)
      expect(await errorOf(client().send(new DeletePolicyCommand({ policyName })))).toEqual(missing)
    })

    test('are not made twice', async () => {
      const policyName = newName()
      await create(policyName)
      const thrown = await create(policyName).catch((error: unknown) => error)
      expect(thrown).toMatchObject({
        name: 'ResourceAlreadyExistsException',
        message: `Policy cannot be created - name already exists (name=${policyName})`,
        resourceId: policyName,
        resourceArn: arn(`policy/${policyName}`),
      })
    })

    test('are not deleted while another version is left', async () => {
      const policyName = newName()
      await create(policyName)
      await addVersion(policyName, ASSUME)
      expect(await errorOf(client().send(new DeletePolicyCommand({ policyName })))).toEqual([
        'DeleteConflictException',
        409,
        `Cannot delete the policy because it has one or more policy versions attached to it (name=${policyName})`,
      ])
    })

    test('are not deleted while attached', async () => {
      const policyName = newName()
      const { certificateArn: target } = await world().registerDevice('default')
      await create(policyName)
      await client().send(new AttachPolicyCommand({ policyName, target }))
      expect(await errorOf(client().send(new DeletePolicyCommand({ policyName })))).toEqual([
        'DeleteConflictException',
        409,
        `The policy cannot be deleted as the policy is attached to one or more principals (name=${policyName})`,
      ])
    })

    const oversized = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: 'x'.repeat(2048) },
    })
    test.each([
      ['no JSON', '{', 'not JSON'],
      ['no statement', '{"Version":"2012-10-17"}', 'a policy needs a Statement'],
      ['a misspelt effect', ASSUME.replace('Allow', 'allow'), 'Statement[0]: Effect must be'],
      ['too many characters', oversized, 'characters without white space, at most 2048'],
      [
        'too many characters that look like padding',
        ASSUME.replace('"*"', `"*${' *'.repeat(1024)}"`),
        'characters without white space, at most 2048',
      ],
      ['too much padding', `${ASSUME}${' '.repeat(8192)}`, 'longer than 8192 characters'],
    ])('with %s are malformed, and so are their versions', async (_, document, problem) => {
      const policyName = newName()
      const made = await errorOf(create(policyName, document))
      expect(made.slice(0, 2)).toEqual(['MalformedPolicyException', 400])
      expect(made[2]).toContain('Policy document is Malformed: ')
      expect(made[2]).toContain(problem)
      await create(policyName)
      const added = await errorOf(addVersion(policyName, document))
      expect(added).toEqual(made)
    })

    test('may be padded with white space', async () => {
      const padded = ASSUME.replaceAll(',', `,${' '.repeat(1000)}`)
      expect(await create(newName(), padded)).toMatchObject({ policyDocument: padded })
    })
  })

  describe('policy versions', () => {
    test('are added, listed, read, made the default and deleted', async () => {
      const policyName = newName()
      const policyArn = arn(`policy/${policyName}`)
      await create(policyName)
      expect(await addVersion(policyName, OWN_PREFIX)).toMatchObject({
        ...{ policyArn, policyDocument: OWN_PREFIX, policyVersionId: '2' },
        isDefaultVersion: false,
      })
      expect(await addVersion(policyName, OWN_PREFIX, true)).toMatchObject({
        ...{ policyVersionId: '3', isDefaultVersion: true },
      })
      const policyVersionId = '2'
      await client().send(new SetDefaultPolicyVersionCommand({ policyName, policyVersionId }))
      const read = await client().send(new GetPolicyVersionCommand({ policyName, policyVersionId }))
      expect(read).toMatchObject({
        ...{ policyArn, policyName, policyDocument: OWN_PREFIX, policyVersionId },
        ...{ isDefaultVersion: true, creationDate: NOW, lastModifiedDate: NOW },
        generationId: expect.any(String),
      })
      await client().send(new DeletePolicyVersionCommand({ policyName, policyVersionId: '1' }))
      const { policyVersions } = await client().send(new ListPolicyVersionsCommand({ policyName }))
      expect(policyVersions).toEqual([
        { versionId: '3', isDefaultVersion: false, createDate: NOW },
        { versionId: '2', isDefaultVersion: true, createDate: NOW },
      ])
    })

    test('are five at most', async () => {
      const policyName = newName()
      await create(policyName)
      for (let version = 2; version <= 5; version += 1) await addVersion(policyName, ASSUME)
      expect(await errorOf(addVersion(policyName, ASSUME))).toEqual([
        'VersionsLimitExceededException',
        409,
        `The policy ${policyName} already has the maximum number of versions (5)`,
      ])
    })

    test('that are the default are not deleted', async () => {
      const policyName = newName()
      await create(policyName)
      const call = client().send(
        new DeletePolicyVersionCommand({ policyName, policyVersionId: '1' }),
      )
      expect(await errorOf(call)).toEqual([
        'DeleteConflictException',
        409,
        `Cannot delete the default version of a policy (name=${policyName})`,
      ])
    })

    test('that are not there are not found', async () => {
      const policyName = newName()
      const key = { policyName, policyVersionId: '7' }
      const calls = (): Promise<unknown>[] => [
        client().send(new GetPolicyVersionCommand(key)),
        client().send(new SetDefaultPolicyVersionCommand(key)),
      ]
      const version = [
        'ResourceNotFoundException',
        404,
        `Policy version not found (name=${policyName}, version=7)`,
      ]
      const policy = ['ResourceNotFoundException', 404, `Policy not found (name=${policyName})`]
      expect(await Promise.all(calls().map(errorOf))).toEqual([version, version])
      expect(await errorOf(client().send(new DeletePolicyVersionCommand(key)))).toEqual(policy)
      expect(await errorOf(client().send(new ListPolicyVersionsCommand(key)))).toEqual(policy)
      expect(await errorOf(addVersion(policyName, ASSUME))).toEqual(policy)
      await create(policyName)
      expect(await Promise.all(calls().map(errorOf))).toEqual([version, version])
      expect(await errorOf(client().send(new DeletePolicyVersionCommand(key)))).toEqual(version)
    })

    test('that cannot be rendered never become the default where the policy limits a role alias', async () => {
      const policyName = newName()
      const roleAlias = `limited-${last}`
      await create(policyName, OWN_PREFIX)
      await client().send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE }))
      const target = arn(`rolealias/${roleAlias}`)
      await client().send(new AttachPolicyCommand({ policyName, target }))
      const refused = await errorOf(addVersion(policyName, UNRENDERABLE, true))
      expect(refused.slice(0, 2)).toEqual(['MalformedPolicyException', 400])
      expect(refused[2]).toMatch(/Statement\[0\] \(Sid "Own"\): .*thingpass:Nothing/)
      const { policyVersionId } = await addVersion(policyName, UNRENDERABLE)
      const promote = new SetDefaultPolicyVersionCommand({ policyName, policyVersionId })
      expect(await errorOf(client().send(promote))).toEqual(refused)
      const { policyDocument } = await client().send(new GetPolicyCommand({ policyName }))
      expect(policyDocument).toBe(OWN_PREFIX)
    })
  })
}
