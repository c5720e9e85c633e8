// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreateRoleAliasCommand,
  DeleteRoleAliasCommand,
  DetachPolicyCommand,
  UpdateRoleAliasCommand,
} from '@aws-sdk/client-iot'
import { parseRoleAlias, parseRoleArn, parseTenantId } from '@thingpass/core/names'
import { describe, expect, test } from 'vitest'
import { arn, errorOf, LOCKED_ROLE, OWN_PREFIX, ROLE, type World } from './control-world.ts'

const DEFAULT = parseTenantId('default')!
let last = 0

/** The session profile of an alias that has none stored. */
const USUAL = {
  ...{ scope: 'role', tags: {}, transitiveTagKeys: [] },
  ...{ requireThingName: false, longDuration: 'clamp' },
}
const SCOPED = { ...USUAL, scope: 'session-policy' }

export function testScope(world: () => World): void {
  const client = () => world().client()
  const pathOf = (roleAlias: string) => `/thingpass/role-aliases/${roleAlias}/session-profile`
  const profile = async (roleAlias: string) => (await world().call('GET', pathOf(roleAlias))).json
  const put = (roleAlias: string, body: object) => world().call('PUT', pathOf(roleAlias), body)

  async function newAlias() {
    last += 1
    const roleAlias = `scope-${last}`
    await client().send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE }))
    return roleAlias
  }

  async function scopedAlias() {
    const roleAlias = await newAlias()
    const policyName = `limits-${roleAlias}`
    await client().send(new CreatePolicyCommand({ policyName, policyDocument: OWN_PREFIX }))
    const edge = { policyName, target: arn(`rolealias/${roleAlias}`) }
    await client().send(new AttachPolicyCommand(edge))
    return { roleAlias, detach: () => client().send(new DetachPolicyCommand(edge)) }
  }

  describe('the scope of a role alias', () => {
    test('is the whole role until a policy is attached', async () => {
      expect(await profile(await newAlias())).toEqual(USUAL)
    })

    test('is the session policy from the first attachment on', async () => {
      const { roleAlias } = await scopedAlias()
      expect(await profile(roleAlias)).toEqual(SCOPED)
    })

    test('stays when the last policy is detached', async () => {
      const { roleAlias, detach } = await scopedAlias()
      await detach()
      expect(await profile(roleAlias)).toEqual(SCOPED)
    })

    test('stays when the profile is deleted', async () => {
      const { roleAlias, detach } = await scopedAlias()
      await detach()
      await put(roleAlias, { requireThingName: true })
      expect(await world().call('DELETE', pathOf(roleAlias))).toMatchObject({
        status: 200,
        json: {},
      })
      expect(await profile(roleAlias)).toEqual(SCOPED)
    })

    test('stays when a profile without scope is written', async () => {
      const { roleAlias, detach } = await scopedAlias()
      await detach()
      expect(await put(roleAlias, { longDuration: 'refuse' })).toMatchObject({ status: 200 })
      expect(await profile(roleAlias)).toEqual({ ...SCOPED, longDuration: 'refuse' })
    })

    test('stays when the alias is deleted and made again', async () => {
      const { roleAlias, detach } = await scopedAlias()
      await detach()
      await client().send(new DeleteRoleAliasCommand({ roleAlias }))
      await client().send(new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE }))
      expect(await profile(roleAlias)).toEqual(SCOPED)
    })

    test('is not cleared while a policy is attached', async () => {
      const { roleAlias } = await scopedAlias()
      expect(await put(roleAlias, { scope: 'role' })).toMatchObject({
        status: 409,
        errorType: 'ConflictException',
        json: { __type: 'ConflictException' },
      })
      expect(await profile(roleAlias)).toEqual(SCOPED)
    })

    test('is cleared by scope role alone, by who may pass the role', async () => {
      const { roleAlias, detach } = await scopedAlias()
      await detach()
      world().passed.length = 0
      expect(await put(roleAlias, { scope: 'role' })).toMatchObject({ status: 200 })
      const caller = 'arn:aws:iam::123456789012:user/default'
      expect(world().passed).toEqual([`${caller} ${ROLE}`])
      const changes = await world().changes(DEFAULT)
      const [change, ...more] = changes.filter(
        ({ action, subject }) =>
          action === 'put-session-profile' && subject === `rolealias/${roleAlias}`,
      )
      expect(more).toEqual([])
      expect(change).toBeDefined()
      if (change !== undefined && 'actor' in change) expect(change.actor).toBe(caller)
      expect(await profile(roleAlias)).toEqual(USUAL)
    })

    test('is not cleared by who may not pass the role', async () => {
      const { roleAlias, detach } = await scopedAlias()
      await detach()
      const lockedArn = parseRoleArn(LOCKED_ROLE)!
      const identity = { tenantId: DEFAULT, roleAlias: parseRoleAlias(roleAlias)! }
      await world().writes.updateRoleAlias({ ...identity, roleArn: lockedArn })
      expect(await put(roleAlias, { scope: 'role' })).toMatchObject({
        status: 403,
        errorType: 'AccessDeniedException',
      })
      expect(await profile(roleAlias)).toEqual(SCOPED)
    })

    test('needs no role to be passed where it is not cleared', async () => {
      const { roleAlias } = await scopedAlias()
      world().passed.length = 0
      await put(roleAlias, { scope: 'session-policy' })
      await put(roleAlias, {})
      expect(world().passed).toEqual([])
    })

    test('is set by hand too', async () => {
      const roleAlias = await newAlias()
      await put(roleAlias, { scope: 'session-policy' })
      await put(roleAlias, {})
      expect(await profile(roleAlias)).toEqual(SCOPED)
    })

    test('stays when the alias is given another role', async () => {
      const { roleAlias } = await scopedAlias()
      await client().send(new UpdateRoleAliasCommand({ roleAlias, roleArn: ROLE }))
      expect(await profile(roleAlias)).toEqual(SCOPED)
    })
  })

  describe('a session profile', () => {
    test('is written whole', async () => {
      const roleAlias = await newAlias()
      const written = {
        tags: { site: '${iot:Connection.Thing.Attributes[site]}' },
        transitiveTagKeys: ['site'],
        sourceIdentity: 'certificateId',
        requireThingName: true,
        longDuration: 'refuse',
      }
      await put(roleAlias, written)
      expect(await profile(roleAlias)).toEqual({ scope: 'role', ...written })
      await put(roleAlias, { requireThingName: true })
      expect(await profile(roleAlias)).toEqual({ ...USUAL, requireThingName: true })
    })

    test.each([
      ['a tag that the tenant may not set', { tags: { other: 'x' } }, 'may not set this key'],
      ['a tag of ours', { tags: { 'Thingpass:TenantId': 'x' } }, 'may not set this key'],
      [
        'a tag key of a prototype',
        JSON.parse('{"tags":{"__proto__":"x"}}'),
        'may not set this key',
      ],
      ['an unknown variable', { tags: { site: '${iot:Nothing}' } }, 'tag \\"site\\"'],
      ['a transitive key without tag', { transitiveTagKeys: ['site'] }, 'no such tag'],
      [
        'a misspelt member',
        { requireThingname: true },
        "'requireThingname' failed to satisfy constraint: Member is not known",
      ],
      ['another scope', { scope: 'all' }, 'enum value set: [role, session-policy]'],
      [
        'a flag in words',
        { requireThingName: 'true' },
        'STRING_VALUE cannot be converted to Boolean',
      ],
      ['tags in a list', { tags: ['site'] }, 'START_ARRAY cannot be converted to Map'],
      [
        'a tag that is no text',
        { tags: { site: 1 } },
        'NUMBER_VALUE cannot be converted to String',
      ],
    ])('with %s is not written', async (_, body, message) => {
      const roleAlias = await newAlias()
      const answer = await put(roleAlias, body)
      expect(answer).toMatchObject({ status: 400, errorType: 'InvalidRequestException' })
      expect(JSON.stringify(answer.json)).toContain(message)
      expect(await profile(roleAlias)).toEqual(USUAL)
    })

    test('of an alias that is not there is not found', async () => {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const body = method === 'PUT' ? {} : undefined
        expect(await world().call(method, pathOf('nobody'), body)).toMatchObject({
          status: 404,
          json: {
            __type: 'ResourceNotFoundException',
            message: 'RoleAlias not found (name=nobody)',
          },
        })
      }
    })
  })

  test('a role alias of another tenant has no profile here', async () => {
    const roleAlias = await newAlias()
    const path = `/t/acme${pathOf(roleAlias)}`
    expect(await world().call('GET', path, undefined, 'acme')).toMatchObject({ status: 404 })
    const describe = world().client({ profile: 'acme' })
    const remove = describe.send(new DeleteRoleAliasCommand({ roleAlias }))
    expect((await errorOf(remove))[0]).toBe('ResourceNotFoundException')
  })
}
