import { randomUUID } from 'node:crypto'
import {
  parseCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseTenantId,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
} from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestTable, type TestTable } from '../../../testing/start-test-table.ts'
import { createRegistryWrites } from '../registry-writes.ts'

const tenantId = parseTenantId('acme')!
const thingTypeName = parseThingTypeName('lamp')!
const thingName = parseThingName('n-000')!
const groupName = parseThingGroupName('house')!
const policyName = parsePolicyName('reader')!
const certificateId = parseCertificateId('c1'.repeat(32))!
const target = { kind: 'certificate', certificateId } as const

let table: TestTable
let writes: RegistryWrites
const commands: string[] = []
const queries: Record<string, unknown>[] = []

beforeAll(async () => {
  table = await startTestTable()
  const { client, tableName } = table
  const clock = () => new Date('2026-06-01T12:00:00Z')
  const actor = 'arn:aws:iam::123456789012:user/operator'
  writes = createRegistryWrites({ client, tableName, clock, newId: randomUUID, actor })
  await seed()
  client.middlewareStack.add(
    (next, context) => (args) => {
      commands.push(context.commandName ?? 'unknown')
      if (context.commandName === 'QueryCommand') queries.push({ ...args.input })
      return next(args)
    },
    { step: 'initialize', name: 'commands' },
  )
}, 60_000)
beforeEach(() => {
  commands.length = 0
  queries.length = 0
})
afterAll(() => table.stop())

const THINGS = 130
const attributes = new Map(
  Array.from({ length: 50 }, (_, n) => [`a-${n}`, 'x'.repeat(800)] as const),
)

/** Things of 40 KB each, five megabytes in all: one of them has another attribute. */
async function seed(): Promise<void> {
  await writes.createThingType({ tenantId, thingTypeName, searchableAttributes: [] })
  await writes.createThingGroup({ tenantId, groupName, attributes: new Map() })
  await writes.createPolicy({ tenantId, policyName, document: '{}' })
  const registration = { kind: 'without-ca' } as const
  await writes.registerCertificate({ tenantId, certificateId, registration, status: 'ACTIVE' })
  await writes.attachPolicy({ tenantId, policyName, target })
  const names = Array.from({ length: THINGS }, (_, n) => `n-${String(n).padStart(3, '0')}`)
  await Promise.all(names.map((name) => createThing(name)))
  await writes.updateThing({
    ...{ tenantId, thingName: parseThingName('n-128')!, merge: true },
    attributes: new Map([['a-7', 'rare']]),
  })
}

async function createThing(name: string): Promise<void> {
  const thing = { tenantId, thingName: parseThingName(name)! }
  await writes.createThing({ ...thing, thingTypeName, attributes })
  await writes.addThingToGroup({ ...thing, groupName })
  await writes.attachThing({ ...thing, certificateId, exclusive: false })
}

const page = { limit: 2 }
const rare = { name: 'a-7', value: 'rare', isPrefix: false }

/** The reads of one part of each list. */
const lists: Readonly<Record<string, [() => Promise<unknown>, readonly string[]]>> = {
  things: [() => writes.listThings({ tenantId, ...page }), ['Query']],
  'things of a type': [() => writes.listThings({ tenantId, thingTypeName, ...page }), ['Query']],
  types: [() => writes.listThingTypes({ tenantId, ...page }), ['Query']],
  'one type': [() => writes.listThingTypes({ tenantId, thingTypeName, ...page }), ['GetItem']],
  groups: [() => writes.listThingGroups({ tenantId, recursive: true, ...page }), ['Query']],
  'groups below': [
    () =>
      writes.listThingGroups({ tenantId, parentGroupName: groupName, recursive: true, ...page }),
    ['GetItem', 'Query'],
  ],
  'things in a group': [
    () => writes.listThingsInGroup({ tenantId, groupName, recursive: false, ...page }),
    ['GetItem', 'Query'],
  ],
  'things in a group and below': [
    () => writes.listThingsInGroup({ tenantId, groupName, recursive: true, ...page }),
    ['GetItem', 'Query', 'GetItem'],
  ],
  'groups of a thing': [
    () => writes.listThingGroupsForThing({ tenantId, thingName, ...page }),
    ['GetItem', 'GetItem'],
  ],
  'certificates of a thing': [
    () => writes.listThingPrincipals({ tenantId, thingName, ...page }),
    ['GetItem', 'Query'],
  ],
  'things of a certificate': [
    () => writes.listPrincipalThings({ tenantId, certificateId, ...page }),
    ['GetItem', 'Query'],
  ],
  policies: [() => writes.listPolicies({ tenantId, ...page }), ['Query']],
  'targets of a policy': [
    () => writes.listTargetsForPolicy({ tenantId, policyName, ...page }),
    ['GetItem', 'Query'],
  ],
  'policies of a target': [
    () => writes.listAttachedPolicies({ tenantId, target, ...page }),
    ['GetItem', 'Query'],
  ],
  'role aliases': [() => writes.listRoleAliases({ tenantId, ...page }), ['Query']],
}

test.each(Object.entries(lists))('a part of the list of %s is read by key', async (_name, row) => {
  const [list, reads] = row
  await list()
  expect(commands).toEqual(reads.map((read) => `${read}Command`))
})

test.each([
  'certificates of a thing',
  'things of a certificate',
  'targets of a policy',
  'policies of a target',
])('the list of %s is strongly consistent', async (name) => {
  const [list] = lists[name]!
  await list()
  expect(queries).toMatchObject([{ ConsistentRead: true }])
  expect(queries[0]).not.toHaveProperty('IndexName')
})

test('a list that is sifted looks at all that DynamoDB reads at once, any other at what is asked for', async () => {
  const below = { tenantId, parentGroupName: groupName, recursive: true, limit: 2 } as const
  const sifted = [
    () => writes.listThingGroups({ ...below, namePrefix: 'a' }),
    () => writes.listThings({ tenantId, attribute: rare, limit: 2 }),
    () => writes.listThingPrincipals({ tenantId, thingName, exclusive: true, limit: 2 }),
    () => writes.listPrincipalThings({ tenantId, certificateId, exclusive: true, limit: 2 }),
  ]
  for (const list of sifted) await list()
  expect(queries.map((query) => query.Limit)).toEqual(queries.map(() => undefined))
  queries.length = 0
  await writes.listThingGroups(below)
  await writes.listThings({ tenantId, limit: 2 })
  await writes.listThingPrincipals({ tenantId, thingName, limit: 2 })
  await writes.listPrincipalThings({ tenantId, certificateId, limit: 2 })
  expect(queries.map((query) => query.Limit)).toEqual([4, 4, 4, 4])
})

describe('a rare attribute among five megabytes', () => {
  test('takes more than one call, none of them of more than four queries', async () => {
    const input = { tenantId, attribute: rare, limit: 10 }
    const first = await writes.listThings(input)
    expect(first.items).toEqual([])
    expect(commands).toEqual(Array.from({ length: 4 }, () => 'QueryCommand'))
    const second = await writes.listThings({ ...input, after: first.next! })
    expect(second.items.map((thing) => thing.thingName)).toEqual(['n-128'])
    expect(second.next).toBeUndefined()
  })

  test('of a type, too', async () => {
    const first = await writes.listThings({ tenantId, thingTypeName, attribute: rare, limit: 10 })
    expect(first).toMatchObject({ items: [], next: expect.any(String) })
  })
})

test('a large part goes on where its queries end, with as many things as they found', async () => {
  const names: string[] = []
  let after: { after?: string } = {}
  do {
    const { items, next } = await writes.listThings({ tenantId, limit: 250, ...after })
    names.push(...items.map((thing) => thing.thingName))
    after = next === undefined ? {} : { after: next }
  } while (after.after !== undefined)
  expect(names).toHaveLength(THINGS)
  expect(new Set(names).size).toBe(THINGS)
})

test('a role alias that is not there has no policies to list', async () => {
  const missing = { kind: 'role-alias', roleAlias: parseRoleAlias('nobody')! } as const
  expect(await writes.listAttachedPolicies({ tenantId, target: missing, ...page })).toEqual({
    ok: false,
    conflict: 'target-unknown',
  })
})
