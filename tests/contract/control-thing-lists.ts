import {
  AttachThingPrincipalCommand,
  CreateThingCommand,
  CreateThingTypeCommand,
  ListPrincipalThingsCommand,
  ListPrincipalThingsV2Command,
  ListThingPrincipalsCommand,
  ListThingPrincipalsV2Command,
  ListThingsCommand,
} from '@aws-sdk/client-iot'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { arn, errorOf, pagesOf, sorted, type World } from './control-world.ts'

type Tenant = Awaited<ReturnType<World['newTenant']>>

export function testThingLists(world: () => World): void {
  describe('a list of things', () => {
    let alone: Tenant
    const list = async (more: object = {}) => {
      const { things = [], nextToken } = await alone.client.send(new ListThingsCommand(more))
      return [things.map(({ thingName }) => thingName), nextToken] as const
    }
    const THINGS = {
      'cam-1': { thingTypeName: 'camera', attributePayload: { attributes: { site: 'p7' } } },
      'cam-2': { thingTypeName: 'camera', attributePayload: { attributes: { site: 'p8' } } },
      'lamp-1': { attributePayload: { attributes: { site: 'p7', floor: '1' } } },
      'lamp-2': {},
    }

    beforeAll(async () => {
      alone = await world().newTenant()
      await alone.client.send(new CreateThingTypeCommand({ thingTypeName: 'camera' }))
      for (const [thingName, more] of Object.entries(THINGS)) {
        await alone.client.send(new CreateThingCommand({ thingName, ...more }))
      }
      await vi.waitFor(async () => expect((await list())[0]).toHaveLength(4))
    })

    test('has what a thing is', async () => {
      const { things } = await alone.client.send(new ListThingsCommand({ maxResults: 1 }))
      expect(things).toEqual([
        {
          ...{ thingName: 'cam-1', thingArn: arn('thing/cam-1'), thingTypeName: 'camera' },
          ...{ attributes: { site: 'p7' }, version: 1 },
        },
      ])
    })

    test('is walked in pages', async () => {
      expect(await pagesOf((nextToken) => list({ maxResults: 3, nextToken }))).toEqual([
        ['cam-1', 'cam-2', 'lamp-1'],
        ['lamp-2'],
      ])
    })

    test.each([
      [{ thingTypeName: 'camera' }, ['cam-1', 'cam-2']],
      [{ attributeName: 'site', attributeValue: 'p7' }, ['cam-1', 'lamp-1']],
      [{ attributeName: 'site', attributeValue: 'p' }, []],
      [
        { attributeName: 'site', attributeValue: 'p', usePrefixAttributeValue: true },
        ['cam-1', 'cam-2', 'lamp-1'],
      ],
      [{ attributeName: 'floor' }, ['lamp-1']],
      [{ thingTypeName: 'camera', attributeName: 'site', attributeValue: 'p7' }, ['cam-1']],
      [{ thingTypeName: 'nothing' }, []],
    ])('of %j is %j, also in pages of one', async (filter, names) => {
      const pages = await pagesOf((nextToken) => list({ ...filter, maxResults: 1, nextToken }))
      expect(pages.flat()).toEqual(names)
    })

    test.each([
      [{ attributeValue: 'p7' }, 'attributeValue needs an attributeName'],
      [{ attributeName: 'a b' }, "at 'attributeName'"],
      [{ maxResults: 0 }, 'greater than or equal to 1'],
      [{ maxResults: 251 }, 'less than or equal to 250'],
      [{ nextToken: 'b3RoZXI=' }, 'The marker is not valid'],
      [{ nextToken: 'x'.repeat(1025) }, 'less than or equal to 1024'],
    ])('is not given for %j', async (more, message) => {
      const [name, status, text] = await errorOf(list(more))
      expect([name, status]).toEqual(['InvalidRequestException', 400])
      expect(text).toContain(message)
    })
  })

  describe('lists of principals and things', () => {
    const client = () => world().client()

    /** A thing with two certificates, and a certificate with two things; one of each is exclusive. */
    async function newPairs() {
      const [one, other] = [
        await world().registerDevice('default'),
        await world().registerDevice('default'),
      ]
      const [thingName, second] = [`of-${one.certificateId}`, `second-${one.certificateId}`]
      for (const each of [thingName, second]) {
        await client().send(new CreateThingCommand({ thingName: each }))
      }
      const attach = (name: string, principal: string, thingPrincipalType?: 'EXCLUSIVE_THING') =>
        client().send(
          new AttachThingPrincipalCommand({ thingName: name, principal, thingPrincipalType }),
        )
      await attach(thingName, one.certificateArn)
      await attach(second, one.certificateArn)
      await attach(thingName, other.certificateArn, 'EXCLUSIVE_THING')
      return { thingName, second, plain: one.certificateArn, exclusive: other.certificateArn }
    }

    test('name the certificates of a thing', async () => {
      const { thingName, plain, exclusive } = await newPairs()
      const both = sorted([plain, exclusive])
      const list = async (more: object) => {
        const command = new ListThingPrincipalsCommand({ thingName, ...more })
        const { principals = [], nextToken } = await client().send(command)
        return [principals, nextToken] as const
      }
      expect((await list({}))[0]).toEqual(both)
      const pages = await pagesOf((nextToken) => list({ maxResults: 1, nextToken }))
      expect(pages.flat()).toEqual(both)
    })

    test('tell how the certificates of a thing are attached', async () => {
      const { thingName, plain, exclusive } = await newPairs()
      const list = async (more: object = {}) => {
        const command = new ListThingPrincipalsV2Command({ thingName, ...more })
        return (await client().send(command)).thingPrincipalObjects
      }
      const ofPlain = { principal: plain, thingPrincipalType: 'NON_EXCLUSIVE_THING' }
      const ofExclusive = { principal: exclusive, thingPrincipalType: 'EXCLUSIVE_THING' }
      expect(await list()).toHaveLength(2)
      expect(await list()).toEqual(expect.arrayContaining([ofPlain, ofExclusive]))
      expect(await list({ thingPrincipalType: 'EXCLUSIVE_THING' })).toEqual([ofExclusive])
      expect(await list({ thingPrincipalType: 'NON_EXCLUSIVE_THING' })).toEqual([ofPlain])
    })

    test('name the things of a certificate', async () => {
      const { thingName, second, plain, exclusive } = await newPairs()
      const list = async (principal: string, more: object = {}) => {
        const command = new ListPrincipalThingsCommand({ principal, ...more })
        const { things = [], nextToken } = await client().send(command)
        return [things, nextToken] as const
      }
      expect((await list(plain))[0]).toEqual([thingName, second])
      expect((await list(exclusive))[0]).toEqual([thingName])
      expect(await pagesOf((nextToken) => list(plain, { maxResults: 1, nextToken }))).toEqual([
        [thingName],
        [second],
      ])
    })

    test('tell how the things of a certificate are attached', async () => {
      const { thingName, plain, exclusive } = await newPairs()
      const list = async (principal: string, thingPrincipalType?: 'EXCLUSIVE_THING') => {
        const command = new ListPrincipalThingsV2Command({ principal, thingPrincipalType })
        return (await client().send(command)).principalThingObjects
      }
      const ofExclusive = { thingName, thingPrincipalType: 'EXCLUSIVE_THING' }
      expect(await list(exclusive)).toEqual([ofExclusive])
      expect(await list(exclusive, 'EXCLUSIVE_THING')).toEqual([ofExclusive])
      expect(await list(plain, 'EXCLUSIVE_THING')).toEqual([])
      expect(await list(plain)).toHaveLength(2)
    })

    test('are not given of what is not there', async () => {
      const thingName = 'nobody'
      const principal = arn(`cert/${'0'.repeat(64)}`)
      const noThing = ['ResourceNotFoundException', 404, 'Thing nobody cannot be found.']
      const noCertificate = [
        'ResourceNotFoundException',
        404,
        `The certificate does not exist (id=${'0'.repeat(64)})`,
      ]
      for (const Command of [ListThingPrincipalsCommand, ListThingPrincipalsV2Command]) {
        expect(await errorOf(client().send(new Command({ thingName })))).toEqual(noThing)
      }
      for (const Command of [ListPrincipalThingsCommand, ListPrincipalThingsV2Command]) {
        expect(await errorOf(client().send(new Command({ principal })))).toEqual(noCertificate)
        const alias = client().send(new Command({ principal: arn('rolealias/a') }))
        expect((await errorOf(alias)).slice(1)).toEqual([
          400,
          'The given ARN does not represent a cert',
        ])
      }
    })

    test('go on where their own token says', async () => {
      const { thingName, plain: principal } = await newPairs()
      const [nextToken, type] = ['b3RoZXI=', 'OTHER' as 'EXCLUSIVE_THING']
      const calls = [
        new ListThingPrincipalsCommand({ thingName, nextToken }),
        new ListThingPrincipalsV2Command({ thingName, nextToken }),
        new ListPrincipalThingsCommand({ principal, nextToken }),
        new ListPrincipalThingsV2Command({ principal, nextToken }),
      ].map((command) => client().send(command as ListThingPrincipalsCommand))
      for (const error of await Promise.all(calls.map(errorOf))) {
        expect(error).toEqual(['InvalidRequestException', 400, 'The marker is not valid'])
      }
      const typed = client().send(
        new ListThingPrincipalsV2Command({ thingName, thingPrincipalType: type }),
      )
      expect((await errorOf(typed))[2]).toContain('enum value set')
    })
  })
}
