// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  type AuthInfo,
  CreatePolicyCommand,
  CreateRoleAliasCommand,
  CreateThingCommand,
  TestAuthorizationCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import { parseCertificateId, parseTenantId } from '@thingpass/core/names'
import { describe, expect, test } from 'vitest'
import { ASSUME, arn, errorOf, OWN_PREFIX, ROLE, type World } from './control-world.ts'

let last = 0
const DENY = ASSUME.replace('Allow', 'Deny')

export function testExplanations(world: () => World): void {
  const client = () => world().client()
  const explain = (question: object, path = '/thingpass/explain', profile = 'default') =>
    world().call('POST', path, question, profile)

  /** A device that is given a scoped role alias. */
  async function newDevice() {
    last += 1
    const [thingName, roleAlias] = [`explained-${last}`, `explained-${last}`]
    const policyName = `assume-${last}`
    const { certificateId, certificateArn } = await world().registerDevice('default')
    const send = client()
    await send.send(new CreateThingCommand({ thingName }))
    await send.send(new AttachThingPrincipalCommand({ thingName, principal: certificateArn }))
    await send.send(new CreatePolicyCommand({ policyName, policyDocument: ASSUME }))
    await send.send(new AttachPolicyCommand({ policyName, target: certificateArn }))
    await send.send(
      new CreateRoleAliasCommand({ roleAlias, roleArn: ROLE, credentialDurationSeconds: 7200 }),
    )
    const limits = `own-prefix-${last}`
    await send.send(new CreatePolicyCommand({ policyName: limits, policyDocument: OWN_PREFIX }))
    const target = arn(`rolealias/${roleAlias}`)
    await send.send(new AttachPolicyCommand({ policyName: limits, target }))
    return { certificateId, certificateArn, thingName, roleAlias, policyName, limits }
  }

  describe('an explanation', () => {
    test('of a grant says what the session would be', async () => {
      const { certificateId, thingName, roleAlias, policyName, limits } = await newDevice()
      const { status, json } = await explain({
        certificateId,
        thingName,
        roleAlias,
        sourceIp: '192.0.2.7',
      })
      expect(status).toBe(200)
      const policy = JSON.stringify(JSON.parse(OWN_PREFIX)).replace(
        '${credentials-iot:ThingName}',
        thingName,
      )
      const session = json.session as Record<string, unknown>
      expect(JSON.parse(String(session.policy))).toMatchObject({
        Statement: [{ Resource: JSON.parse(policy).Statement[0].Resource }],
      })
      const used = String(session.policy).length
      const identity = { versionId: '1', generationId: expect.any(String) }
      expect(json).toEqual({
        ...{ certificateId, thingName, roleAlias, decision: 'allow', answer: { status: 200 } },
        assumed: {
          ...{ hostName: 'credentials.example.com', sourceIp: '192.0.2.7' },
          time: '2026-06-01T12:00:00.000Z',
        },
        steps: [
          'certificate',
          'budget',
          'thing',
          'policy',
          'alias',
          'role',
          'session',
          'duration',
        ].map((step) => ({ step, passed: true })),
        policies: [{ policyName, ...identity }],
        statements: [{ policy: policyName, statement: 0, effect: 'Allow', matched: true }],
        session: {
          roleArn: ROLE,
          sessionName: certificateId,
          duration: { askedSeconds: 7200, givenSeconds: 3600, clampedBy: ['issuer-limit'] },
          tags: expect.arrayContaining([
            { key: 'credentials-iot:AwsCertificateId', value: certificateId },
            { key: 'thingpass:TenantId', value: 'default' },
            { key: 'credentials-iot:ThingName', value: thingName },
          ]),
          transitiveTagKeys: [],
          sessionPolicies: [{ policyName: limits, ...identity }],
          policy: session.policy,
          dropped: [],
          sizes: [
            { of: 'session-policy-characters', used, most: 2048 },
            { of: 'session-tags', used: 3, most: 50 },
          ],
        },
      })
    })

    test('holds no PEM and no external id', async () => {
      const { certificateId, thingName, roleAlias } = await newDevice()
      const text = JSON.stringify((await explain({ certificateId, thingName, roleAlias })).json)
      expect(text).not.toContain('BEGIN')
      expect(text).not.toContain('external-id')
    })

    test('of a session that cannot be scoped says what is missing', async () => {
      const { certificateId, roleAlias } = await newDevice()
      const { json } = await explain({ certificateId, roleAlias })
      expect(json).toMatchObject({
        decision: 'deny',
        reason: 'session-policy-grants-nothing',
        detail: expect.stringContaining('no Allow is left'),
        answer: { status: 403, message: 'Access Denied' },
      })
      expect(json.session).toBeUndefined()
      expect(json.thingName).toBeUndefined()
      const steps = json.steps as readonly object[]
      expect(steps.at(-1)).toEqual({ step: 'session', passed: false })
    })

    test('of a Deny names the statement', async () => {
      const { certificateId, certificateArn, thingName, roleAlias } = await newDevice()
      const policyName = `deny-${last}`
      await client().send(new CreatePolicyCommand({ policyName, policyDocument: DENY }))
      await client().send(new AttachPolicyCommand({ policyName, target: certificateArn }))
      const { json } = await explain({ certificateId, thingName, roleAlias })
      expect(json).toMatchObject({
        decision: 'deny',
        reason: 'policy-denies',
        statements: expect.arrayContaining([
          { policy: policyName, statement: 0, effect: 'Deny', matched: true },
        ]),
      })
    })

    test('of a thing that is not the device’s says so', async () => {
      const { certificateId, roleAlias } = await newDevice()
      const other = await newDevice()
      const { json } = await explain({ certificateId, thingName: other.thingName, roleAlias })
      expect(json).toMatchObject({
        reason: 'thing-not-attached',
        answer: { status: 403, message: 'Invalid thing name passed' },
        statements: [],
      })
    })

    test('of a certificate that is not active stops there', async () => {
      const { certificateId, thingName, roleAlias } = await newDevice()
      const revoke = new UpdateCertificateCommand({ certificateId, newStatus: 'REVOKED' })
      await client().send(revoke)
      const { json } = await explain({ certificateId, thingName, roleAlias })
      expect(json).toMatchObject({
        reason: 'certificate-not-active',
        steps: [{ step: 'certificate', passed: false }],
      })
    })

    test('of an alias that is not there says so', async () => {
      const { certificateId, thingName } = await newDevice()
      const { json } = await explain({ certificateId, thingName, roleAlias: 'nobody' })
      expect(json).toMatchObject({ reason: 'alias-unknown', answer: { status: 404 } })
    })

    test('takes the device to be where the caller is, where nobody says', async () => {
      const { certificateId, thingName, roleAlias } = await newDevice()
      const { json } = await explain({ certificateId, thingName, roleAlias })
      expect(json).toMatchObject({ assumed: { sourceIp: '127.0.0.1' } })
    })

    test('of another tenant’s certificate is not given, nor its existence', async () => {
      const { certificateId, roleAlias } = await newDevice()
      const path = '/t/acme/thingpass/explain'
      const foreign = await explain({ certificateId, roleAlias }, path, 'acme')
      const unknown = await explain({ certificateId: '0'.repeat(64), roleAlias }, path, 'acme')
      expect(foreign).toMatchObject({ status: 404, errorType: 'ResourceNotFoundException' })
      expect(JSON.stringify(foreign).replaceAll(certificateId, '0'.repeat(64))).toBe(
        JSON.stringify(unknown),
      )
    })

    test('needs the certificate as it was registered', async () => {
      const certificateId = parseCertificateId('5f'.repeat(32))!
      await world().writes.registerCertificate({
        ...{ tenantId: parseTenantId('default')!, certificateId, status: 'ACTIVE' },
        registration: { kind: 'without-ca' },
      })
      expect(await explain({ certificateId, roleAlias: 'camera' })).toMatchObject({
        status: 400,
        json: { message: `The certificate was registered without its PEM (id=${certificateId})` },
      })
    })

    test('of a certificate that nobody can read is a refusal of it', async () => {
      const certificateId = parseCertificateId('60'.repeat(32))!
      await world().writes.registerCertificate({
        ...{ tenantId: parseTenantId('default')!, certificateId, status: 'ACTIVE', pem: 'none' },
        registration: { kind: 'without-ca' },
      })
      expect((await explain({ certificateId, roleAlias: 'camera' })).json).toMatchObject({
        reason: 'certificate-malformed',
        steps: [{ step: 'certificate', passed: false }],
      })
      const authInfos: AuthInfo[] = [{ actionType: 'CONNECT', resources: ['*'] }]
      const principal = arn(`cert/${certificateId}`)
      const tested = client().send(new TestAuthorizationCommand({ principal, authInfos }))
      expect((await errorOf(tested)).slice(0, 2)).toEqual(['InvalidRequestException', 400])
    })

    test.each([
      [{ roleAlias: 'a' }, 'certificateId'],
      [{ certificateId: '0'.repeat(64) }, 'roleAlias'],
      [{ certificateId: '0'.repeat(64), roleAlias: 'a', thing: 'b' }, 'Member is not known'],
      [{ certificateId: '0'.repeat(64), roleAlias: 'a', sourceIp: 'host' }, 'sourceIp'],
    ])('is not given for %j', async (question, message) => {
      const answer = await explain(question)
      expect(answer).toMatchObject({ status: 400, errorType: 'InvalidRequestException' })
      expect(answer.json.message).toContain(message)
    })
  })

  describe('a test of authorization', () => {
    const ANY = arn('rolealias/any')
    const testIt = async (principal: string, more: object, resources = [ANY]) => {
      const authInfo = { actionType: 'ASSUME_ROLE_WITH_CERTIFICATE', resources }
      const authInfos = [authInfo as unknown as AuthInfo]
      const input = { principal, authInfos, ...more }
      return (await client().send(new TestAuthorizationCommand(input))).authResults
    }
    const named = (policyName: string) => ({ policyName, policyArn: arn(`policy/${policyName}`) })

    test('says which policies allow', async () => {
      const { certificateArn, policyName } = await newDevice()
      expect(await testIt(certificateArn, {})).toEqual([
        {
          authInfo: { actionType: 'ASSUME_ROLE_WITH_CERTIFICATE', resources: [ANY] },
          allowed: { policies: [named(policyName)] },
          denied: { implicitDeny: { policies: [] }, explicitDeny: { policies: [] } },
          authDecision: 'ALLOWED',
          missingContextValues: [],
        },
      ])
    })

    test('takes policies in and leaves policies out', async () => {
      const { certificateArn, policyName } = await newDevice()
      const skipped = await testIt(certificateArn, { policyNamesToSkip: [policyName] })
      expect(skipped).toMatchObject([{ authDecision: 'IMPLICIT_DENY', allowed: { policies: [] } }])
      const denying = `denying-${last}`
      await client().send(new CreatePolicyCommand({ policyName: denying, policyDocument: DENY }))
      const denied = await testIt(certificateArn, { policyNamesToAdd: [denying] })
      expect(denied).toMatchObject([
        {
          authDecision: 'EXPLICIT_DENY',
          denied: { explicitDeny: { policies: [named(denying)] } },
        },
      ])
      const missing = await errorOf(testIt(certificateArn, { policyNamesToAdd: ['nothing'] }))
      expect(missing).toEqual(['ResourceNotFoundException', 404, 'Policy not found (name=nothing)'])
    })

    test('allows only what is allowed on every resource, and names what is missing', async () => {
      const { certificateArn, policyName } = await newDevice()
      const own = `own-${last}`
      const policyDocument = ASSUME.replace('"*"', '"arn:aws:iot:*:*:rolealias/${iot:ClientId}"')
      await client().send(new CreatePolicyCommand({ policyName: own, policyDocument }))
      const more = { policyNamesToAdd: [own], policyNamesToSkip: [policyName], clientId: 'any' }
      expect(await testIt(certificateArn, more)).toMatchObject([
        {
          authDecision: 'IMPLICIT_DENY',
          denied: { implicitDeny: { policies: [named(own)] } },
          missingContextValues: ['iot:ClientId'],
        },
      ])
      const one = `one-${last}`
      const oneDocument = ASSUME.replace('"*"', JSON.stringify(ANY))
      await client().send(new CreatePolicyCommand({ policyName: one, policyDocument: oneDocument }))
      const mixed = { policyNamesToAdd: [one], policyNamesToSkip: [policyName] }
      expect(await testIt(certificateArn, mixed)).toMatchObject([{ authDecision: 'ALLOWED' }])
      expect(await testIt(certificateArn, mixed, [ANY, arn('rolealias/other')])).toMatchObject([
        { authDecision: 'IMPLICIT_DENY', allowed: { policies: [named(one)] } },
      ])
    })

    test('of MQTT actions knows the client id', async () => {
      const { certificateArn } = await newDevice()
      const policyName = `connect-${last}`
      const policyDocument = ASSUME.replace('iot:AssumeRoleWithCertificate', 'iot:Connect').replace(
        '"*"',
        '"arn:aws:iot:*:*:client/${iot:ClientId}"',
      )
      await client().send(new CreatePolicyCommand({ policyName, policyDocument }))
      const input = {
        principal: certificateArn,
        policyNamesToAdd: [policyName],
        authInfos: [{ actionType: 'CONNECT' as const, resources: [arn('client/cam-1')] }],
      }
      const connect = (clientId: string) =>
        client().send(new TestAuthorizationCommand({ ...input, clientId }))
      expect((await connect('cam-1')).authResults).toMatchObject([{ authDecision: 'ALLOWED' }])
      expect((await connect('cam-2')).authResults).toMatchObject([
        { authDecision: 'IMPLICIT_DENY' },
      ])
    })

    test.each([
      [{ authInfos: [] }, 'Member must have length within [1, 10]'],
      [{ authInfos: [{ actionType: 'OTHER', resources: ['*'] }] }, 'enum value set'],
      [
        { authInfos: [{ actionType: 'CONNECT' }] },
        "at 'authInfos.1.member.resources' failed to satisfy constraint: Member must not be null",
      ],
      [{ cognitoIdentityPoolId: 'pool' }, 'Cognito identities are not supported here'],
      [{ principal: arn('rolealias/a') }, 'neither a certificate nor a thing group'],
      [{ principal: arn('thing/a') }, 'A policy cannot be attached to the given ARN'],
    ])('is not made with %j', async (more, message) => {
      const { certificateArn } = await newDevice()
      const [name, status, text] = await errorOf(testIt(certificateArn, more))
      expect([name, status]).toEqual(['InvalidRequestException', 400])
      expect(text).toContain(message)
    })
  })
}
