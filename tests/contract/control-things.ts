import {
  AttachThingPrincipalCommand,
  CreateThingCommand,
  DeleteThingCommand,
  DescribeThingCommand,
  DetachThingPrincipalCommand,
  UpdateThingCommand,
} from '@aws-sdk/client-iot'
import { parseTenantId, parseThingName, parseThingTypeName } from '@thingpass/core/names'
import { describe, expect, test } from 'vitest'
import { arn, errorOf, type World } from './control-world.ts'

const DEFAULT = parseTenantId('default')!
let last = 0
const newName = () => {
  last += 1
  return `thing:${last}`
}

export function testThings(world: () => World): void {
  const client = () => world().client()
  const create = (thingName: string, more = {}) =>
    client().send(new CreateThingCommand({ thingName, ...more }))
  const describeThing = (thingName: string) =>
    client().send(new DescribeThingCommand({ thingName }))
  const update = (thingName: string, more: object) =>
    client().send(new UpdateThingCommand({ thingName, ...more }))
  const remove = (thingName: string, expectedVersion?: number) =>
    client().send(new DeleteThingCommand({ thingName, expectedVersion }))

  describe('things', () => {
    test('are made, described, changed and deleted', async () => {
      const thingName = newName()
      const attributes = { site: 'p7', empty: '' }
      const made = await create(thingName, { attributePayload: { attributes } })
      const thingArn = arn(`thing/${thingName}`)
      expect(made).toMatchObject({ thingName, thingArn, thingId: expect.any(String) })
      const first = await describeThing(thingName)
      expect(first).toMatchObject({
        ...{ thingName, thingArn, thingId: made.thingId, defaultClientId: thingName },
        ...{ attributes: { site: 'p7' }, version: 1 },
      })
      expect(first.thingTypeName).toBeUndefined()
      await update(thingName, { attributePayload: { attributes: { floor: '2' }, merge: true } })
      expect(await describeThing(thingName)).toMatchObject({
        ...{ attributes: { site: 'p7', floor: '2' }, version: 2 },
      })
      await update(thingName, {
        attributePayload: { attributes: { floor: '3' } },
        expectedVersion: 2,
      })
      const third = await describeThing(thingName)
      expect([third.attributes, third.version]).toEqual([{ floor: '3' }, 3])
      await remove(thingName, 3)
      const missing = ['ResourceNotFoundException', 404, `Thing ${thingName} cannot be found.`]
      expect(await errorOf(describeThing(thingName))).toEqual(missing)
      expect(await errorOf(update(thingName, {}))).toEqual(missing)
    })

    test('that are not there are deleted with success', async () => {
      expect(await remove('nobody')).toMatchObject({ $metadata: { httpStatusCode: 200 } })
    })

    test('are made again alike, and not otherwise', async () => {
      const thingName = newName()
      const made = await create(thingName)
      expect((await create(thingName)).thingId).toBe(made.thingId)
      const other = { attributePayload: { attributes: { site: 'p8' } } }
      const thrown = await create(thingName, other).catch((error: unknown) => error)
      expect(thrown).toMatchObject({
        name: 'ResourceAlreadyExistsException',
        resourceId: thingName,
        resourceArn: arn(`thing/${thingName}`),
        $metadata: { httpStatusCode: 409 },
      })
    })

    test('are changed and deleted under their version', async () => {
      const thingName = newName()
      await create(thingName)
      const conflict = [
        'VersionConflictException',
        409,
        `The version for thing ${thingName} does not match the expected version.`,
      ]
      expect(await errorOf(update(thingName, { expectedVersion: 7 }))).toEqual(conflict)
      expect(await errorOf(remove(thingName, 7))).toEqual(conflict)
    })

    test('are given types and lose them', async () => {
      const thingName = newName()
      const thingTypeName = `type-${last}`
      await world().writes.createThingType({
        ...{ tenantId: DEFAULT, thingTypeName: parseThingTypeName(thingTypeName)! },
        searchableAttributes: [],
      })
      await create(thingName, { thingTypeName })
      expect(await describeThing(thingName)).toMatchObject({ thingTypeName })
      await update(thingName, { removeThingType: true })
      expect((await describeThing(thingName)).thingTypeName).toBeUndefined()
      await update(thingName, { thingTypeName })
      expect(await describeThing(thingName)).toMatchObject({ thingTypeName })
      const both = update(thingName, { thingTypeName, removeThingType: true })
      expect((await errorOf(both)).slice(0, 2)).toEqual(['InvalidRequestException', 400])
    })

    test('are not given a type that is not there', async () => {
      const thingName = newName()
      const thingTypeName = 'no-type'
      const missing = ['ResourceNotFoundException', 404, 'Thing type no-type cannot be found.']
      expect(await errorOf(create(thingName, { thingTypeName }))).toEqual(missing)
      await create(thingName)
      expect(await errorOf(update(thingName, { thingTypeName }))).toEqual(missing)
    })

    test.each([
      [{ attributePayload: { attributes: { 'a b': 'x' } } }, 'attributePayload.attributes.key'],
      [{ attributePayload: { attributes: { a: 'x y' } } }, 'attributePayload.attributes.value'],
      [{ attributePayload: { attributes: { a: 'x'.repeat(801) } } }, 'less than or equal to 800'],
      [{ billingGroupName: 'group' }, 'Billing groups are not supported here'],
    ])('are not made with %j', async (more, message) => {
      const [name, status, text] = await errorOf(create(newName(), more))
      expect([name, status]).toEqual(['InvalidRequestException', 400])
      expect(text).toContain(message)
    })
  })

  describe('principals of things', () => {
    const attach = (thingName: string, principal: string, thingPrincipalType?: 'EXCLUSIVE_THING') =>
      client().send(new AttachThingPrincipalCommand({ thingName, principal, thingPrincipalType }))
    const detach = (thingName: string, principal: string) =>
      client().send(new DetachThingPrincipalCommand({ thingName, principal }))

    async function newPair() {
      const thingName = newName()
      await create(thingName)
      const { certificateArn, certificateId } = await world().registerDevice('default')
      return { thingName, certificateArn, certificateId }
    }

    test('are attached and detached, each as often as one likes, and hold the thing', async () => {
      const { thingName, certificateArn } = await newPair()
      await attach(thingName, certificateArn)
      await attach(thingName, certificateArn)
      expect(await errorOf(remove(thingName))).toEqual([
        'InvalidRequestException',
        400,
        `Cannot delete. Thing ${thingName} is still attached to one or more principals`,
      ])
      await detach(thingName, certificateArn)
      await detach(thingName, certificateArn)
      await remove(thingName)
      expect(
        await world().writes.getThing({ tenantId: DEFAULT, thingName: parseThingName(thingName)! }),
      ).toBeUndefined()
    })

    test('have one thing where they are attached exclusively', async () => {
      const { thingName, certificateArn } = await newPair()
      const other = newName()
      await create(other)
      await attach(thingName, certificateArn, 'EXCLUSIVE_THING')
      expect(await errorOf(attach(other, certificateArn))).toEqual([
        'InvalidRequestException',
        400,
        'The principal is attached to a thing as its EXCLUSIVE_THING',
      ])
      await detach(thingName, certificateArn)
      await attach(other, certificateArn)
      expect(await errorOf(attach(thingName, certificateArn, 'EXCLUSIVE_THING'))).toEqual([
        'InvalidRequestException',
        400,
        'The principal cannot be attached as EXCLUSIVE_THING: it is attached to another thing',
      ])
    })

    test('and things that are not there are not found', async () => {
      const { thingName, certificateArn } = await newPair()
      const unknownId = '0'.repeat(64)
      const noThing = ['ResourceNotFoundException', 404, 'Thing nobody cannot be found.']
      const noCertificate = [
        'ResourceNotFoundException',
        404,
        `The certificate does not exist (id=${unknownId})`,
      ]
      expect(await errorOf(attach('nobody', certificateArn))).toEqual(noThing)
      expect(await errorOf(detach('nobody', certificateArn))).toEqual(noThing)
      expect(await errorOf(attach(thingName, arn(`cert/${unknownId}`)))).toEqual(noCertificate)
      expect(await errorOf(detach(thingName, arn(`cert/${unknownId}`)))).toEqual(noCertificate)
    })

    test.each([
      ['a role alias', arn('rolealias/a'), 'The given ARN does not represent a cert'],
      ['nothing', 'us-east-1:1234', 'The given ARN is not valid'],
    ])('are certificates, not %s', async (_, principal, message) => {
      const { thingName } = await newPair()
      const error = ['InvalidRequestException', 400, message]
      expect(await errorOf(attach(thingName, principal))).toEqual(error)
      expect(await errorOf(detach(thingName, principal))).toEqual(error)
    })

    test('have a type that AWS knows', async () => {
      const { thingName, certificateArn } = await newPair()
      const [name, , text] = await errorOf(
        attach(thingName, certificateArn, 'OTHER' as 'EXCLUSIVE_THING'),
      )
      expect(name).toBe('InvalidRequestException')
      expect(text).toContain('enum value set: [EXCLUSIVE_THING, NON_EXCLUSIVE_THING]')
    })
  })
}
