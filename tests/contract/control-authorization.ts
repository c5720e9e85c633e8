// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import {
  AddThingToThingGroupCommand,
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  type AuthInfo,
  CreatePolicyCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  TestAuthorizationCommand,
} from '@aws-sdk/client-iot'
import { describe, expect, test } from 'vitest'
import { arn, errorOf, type World } from './control-world.ts'

let last = 0
const newName = (what: string) => {
  last += 1
  return `${what}-authorized-${last}`
}
const statement = (effect: string, action: string, resource: string, condition = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: effect, Action: action, Resource: resource, Condition: condition },
  })

/** Action type of the API, the action it stands for, and a resource of it. */
const ACTIONS = [
  ['PUBLISH', 'iot:Publish', arn('topic/a/b')],
  ['RECEIVE', 'iot:Receive', arn('topic/a/b')],
  ['SUBSCRIBE', 'iot:Subscribe', arn('topicfilter/a/+')],
  ['CONNECT', 'iot:Connect', arn('client/cam-1')],
  ['ASSUME_ROLE_WITH_CERTIFICATE', 'iot:AssumeRoleWithCertificate', arn('rolealias/camera')],
] as const

export function testAuthorizations(world: () => World): void {
  const client = () => world().client()

  async function newPolicy(policyDocument: string) {
    const policyName = newName('policy')
    await client().send(new CreatePolicyCommand({ policyName, policyDocument }))
    return policyName
  }
  const attach = (policyName: string, target: string) =>
    client().send(new AttachPolicyCommand({ policyName, target }))
  async function testOne(
    principal: string,
    [actionType, , resource]: readonly [string, string, string],
    more: object = {},
  ) {
    const authInfos = [{ actionType, resources: [resource] } as AuthInfo]
    const command = new TestAuthorizationCommand({ principal, authInfos, ...more })
    const [result] = (await client().send(command)).authResults ?? []
    return result
  }
  async function newGroup() {
    const thingGroupName = newName('group')
    await client().send(new CreateThingGroupCommand({ thingGroupName }))
    return { thingGroupName, target: arn(`thinggroup/${thingGroupName}`) }
  }
  async function newThing(principal: string, thingGroupName?: string) {
    const thingName = newName('thing')
    await client().send(new CreateThingCommand({ thingName }))
    await client().send(new AttachThingPrincipalCommand({ thingName, principal }))
    if (thingGroupName !== undefined) {
      await client().send(new AddThingToThingGroupCommand({ thingName, thingGroupName }))
    }
    return thingName
  }

  describe.each(ACTIONS)('authorization of %s', (...tested) => {
    const [, action, resource] = tested

    test('is allowed by an Allow of it, and denied by a Deny', async () => {
      const { certificateArn } = await world().registerDevice('default')
      const silent = await newPolicy(statement('Allow', 'iot:Other', '*'))
      await attach(silent, certificateArn)
      expect(await testOne(certificateArn, tested)).toMatchObject({
        authDecision: 'IMPLICIT_DENY',
        denied: { implicitDeny: { policies: [{ policyName: silent }] } },
      })
      const allowing = await newPolicy(statement('Allow', action, resource))
      await attach(allowing, certificateArn)
      expect(await testOne(certificateArn, tested)).toMatchObject({
        authDecision: 'ALLOWED',
        allowed: { policies: [{ policyName: allowing, policyArn: arn(`policy/${allowing}`) }] },
      })
      const denying = await newPolicy(statement('Deny', action, '*'))
      const added = { policyNamesToAdd: [denying] }
      expect(await testOne(certificateArn, tested, added)).toMatchObject({
        authDecision: 'EXPLICIT_DENY',
        denied: { explicitDeny: { policies: [{ policyName: denying }] } },
      })
      const skipped = { ...added, policyNamesToSkip: [denying, allowing] }
      expect(await testOne(certificateArn, tested, skipped)).toMatchObject({
        authDecision: 'IMPLICIT_DENY',
      })
    })

    test('names the values that a condition misses', async () => {
      const { certificateArn } = await world().registerDevice('default')
      const condition = { StringEquals: { 'iot:Connection.Thing.ThingTypeName': 'camera' } }
      await attach(await newPolicy(statement('Allow', action, resource, condition)), certificateArn)
      expect(await testOne(certificateArn, tested)).toMatchObject({
        authDecision: 'IMPLICIT_DENY',
        missingContextValues: ['iot:Connection.Thing.ThingTypeName'],
      })
    })
  })

  describe('authorization by things and groups', () => {
    const CONNECT = ACTIONS[3]
    const ASSUME = ACTIONS[4]
    const ownClient = statement(
      'Allow',
      'iot:Connect',
      'arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}',
    )

    test('a client id that names an attached thing brings its variables along', async () => {
      const { certificateArn } = await world().registerDevice('default')
      await attach(await newPolicy(ownClient), certificateArn)
      const thingName = await newThing(certificateArn)
      const connect = (clientId?: string) =>
        testOne(certificateArn, ['CONNECT', '', arn(`client/${thingName}`)], { clientId })
      expect(await connect(thingName)).toMatchObject({ authDecision: 'ALLOWED' })
      for (const clientId of [undefined, 'somebody', 'no thing name']) {
        expect(await connect(clientId)).toMatchObject({
          authDecision: 'IMPLICIT_DENY',
          missingContextValues: ['iot:Connection.Thing.ThingName'],
        })
      }
    })

    test('who asks for credentials has no client id, and no thing by it', async () => {
      const { certificateArn } = await world().registerDevice('default')
      const own = 'arn:aws:iot:*:*:rolealias/${iot:Connection.Thing.ThingName}'
      await attach(
        await newPolicy(statement('Allow', 'iot:AssumeRoleWithCertificate', own)),
        certificateArn,
      )
      const clientId = await newThing(certificateArn)
      const tested = ['ASSUME_ROLE_WITH_CERTIFICATE', '', arn(`rolealias/${clientId}`)] as const
      expect(await testOne(certificateArn, tested, { clientId })).toMatchObject({
        authDecision: 'IMPLICIT_DENY',
        missingContextValues: ['iot:Connection.Thing.ThingName'],
      })
    })

    test('a client id that names another’s thing brings nothing along', async () => {
      const [one, other] = [
        await world().registerDevice('default'),
        await world().registerDevice('default'),
      ]
      await attach(await newPolicy(ownClient), one.certificateArn)
      const thingName = await newThing(other.certificateArn)
      const tested = ['CONNECT', '', arn(`client/${thingName}`)] as const
      expect(await testOne(one.certificateArn, tested, { clientId: thingName })).toMatchObject({
        authDecision: 'IMPLICIT_DENY',
      })
    })

    test('policies of a thing’s groups count for its MQTT client, and not where no thing is named', async () => {
      const { certificateArn } = await world().registerDevice('default')
      const group = await newGroup()
      const clientId = await newThing(certificateArn, group.thingGroupName)
      const policyName = await newPolicy(statement('Allow', '*', '*'))
      await attach(policyName, group.target)
      expect(await testOne(certificateArn, CONNECT, { clientId })).toMatchObject({
        authDecision: 'ALLOWED',
        allowed: { policies: [{ policyName }] },
      })
      expect(await testOne(certificateArn, CONNECT)).toMatchObject({
        authDecision: 'IMPLICIT_DENY',
      })
      expect(await testOne(certificateArn, ASSUME, { clientId })).toMatchObject({
        authDecision: 'IMPLICIT_DENY',
        denied: { implicitDeny: { policies: [] } },
      })
      const skipped = { clientId, policyNamesToSkip: [policyName] }
      expect(await testOne(certificateArn, CONNECT, skipped)).toMatchObject({
        authDecision: 'IMPLICIT_DENY',
      })
    })

    test('a group can be tested itself, of whose devices nothing is known', async () => {
      const { target } = await newGroup()
      await attach(await newPolicy(statement('Allow', 'iot:Connect', '*')), target)
      const own = await newPolicy(
        statement('Allow', 'iot:Connect', 'arn:aws:iot:*:*:client/${iot:CertificateId}'),
      )
      expect(await testOne(target, CONNECT)).toMatchObject({
        authDecision: 'ALLOWED',
        missingContextValues: [],
      })
      expect(await testOne(target, CONNECT, { policyNamesToAdd: [own] })).toMatchObject({
        authDecision: 'ALLOWED',
        missingContextValues: ['iot:CertificateId'],
      })
    })

    test('what is not there is not tested', async () => {
      const group = arn('thinggroup/nowhere')
      expect(await errorOf(testOne(group, CONNECT))).toEqual([
        'ResourceNotFoundException',
        404,
        `The target does not exist (arn=${group})`,
      ])
      const certificate = arn(`cert/${'0'.repeat(64)}`)
      expect(await errorOf(testOne(certificate, CONNECT))).toEqual([
        'ResourceNotFoundException',
        404,
        `The certificate does not exist (id=${'0'.repeat(64)})`,
      ])
    })
  })

  test('is refused, not denied, where policies take too long for all that is asked', async () => {
    const { certificateArn } = await world().registerDevice('default')
    const slow = await newPolicy(statement('Deny', '*', `*${'a'.repeat(1000)}b`))
    await attach(slow, certificateArn)
    const ask = (count: number) => {
      const resources = Array.from({ length: count }, () => 'a'.repeat(2048))
      const authInfos: AuthInfo[] = [{ actionType: 'PUBLISH', resources }]
      return client().send(new TestAuthorizationCommand({ principal: certificateArn, authInfos }))
    }
    expect((await ask(1)).authResults).toMatchObject([{ authDecision: 'IMPLICIT_DENY' }])
    expect(await errorOf(ask(100))).toEqual([
      'InvalidRequestException',
      400,
      expect.stringContaining('ask for fewer'),
    ])
  })
}
