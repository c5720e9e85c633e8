import type { FactsQuery } from '@thingpass/core/facts'
import type { PolicyName } from '@thingpass/core/names'
import { parsePolicyName, parseThingGroupName, parseThingName } from '@thingpass/core/names'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ALIAS,
  describeWorld,
  GROUP,
  GROUP_POLICY,
  groupsAndSession,
  keyOf,
  OWN_POLICY,
  PARENT,
  PARENT_POLICY,
  plainDevice,
  putItems,
  putMany,
  removeItem,
  SESSION_POLICY,
  THING,
  type WorldItems,
  type WorldRecords,
  worldItems,
} from '../../testing/facts-world.ts'
import { startTestTable, type TestTable } from '../../testing/start-test-table.ts'
import type { Item } from './attributes.ts'
import { createIssuerHints, type IssuerHints } from './issuer-hint.ts'
import { createPolicyCache, type PolicyCache } from './policy-cache.ts'
import { createReadFacts } from './read-facts.ts'

const NOON = new Date('2026-06-01T12:00:00Z')

let table: TestTable
let worlds = 0
let records: WorldRecords
let items: WorldItems

beforeAll(async () => {
  table = await startTestTable()
})
afterAll(() => table.stop())

// A tenant and a device of its own for each test: nothing has to be cleared.
const newWorld = () => describeWorld(`tenant-${++worlds}`)
beforeEach(() => {
  records = newWorld()
  items = worldItems(records)
})

/** A process: it remembers between its reads. Its clock stands still unless it is moved. */
function process(
  issuerHints: IssuerHints = createIssuerHints(),
  policyCache: PolicyCache = createPolicyCache(),
) {
  const time = { now: NOON }
  const { readFacts, rememberIssuer } = createReadFacts({
    client: table.client,
    tableName: table.tableName,
    issuerHints,
    policyCache,
    clock: () => time.now,
  })
  const read = (change: Partial<FactsQuery> = {}) =>
    readFacts({
      certificateId: records.certificateId,
      issuerHint: records.issuerHint,
      serialNumber: 'abc',
      thingName: THING,
      roleAlias: ALIAS,
      deadline: new Date(time.now.getTime() + 30_000),
      ...change,
    })
  const remember = (of: WorldRecords = records) => rememberIssuer(records.issuerHint, of)
  const pass = (milliseconds: number) => {
    time.now = new Date(time.now.getTime() + milliseconds)
  }
  return { read, remember, pass }
}

const put = (...rows: readonly Item[]) => putItems(table, ...rows)
const remove = (row: Item) => removeItem(table, keyOf(row))
const readOnce = (change?: Partial<FactsQuery>) => process().read(change)
const withoutHeader = (): Partial<FactsQuery> => {
  const { certificateId, issuerHint } = records
  return { certificateId, issuerHint, thingName: undefined } as unknown as Partial<FactsQuery>
}

const attached = (
  policyName: PolicyName,
  to: object,
  generationId = items.generationOf(policyName),
) => ({
  policyName,
  versionId: '3',
  generationId,
  attachedTo: to,
  document: expect.objectContaining({ dialect: 'iot' }),
})
const byGroup = (groupName: string) => ({ kind: 'thing-group', groupName })
const BY_CERTIFICATE = { kind: 'certificate' }

describe('a device with everything', () => {
  beforeEach(() => put(...plainDevice(items), ...groupsAndSession(items)))

  const everything = () => ({
    certificate: records.certificate,
    tenant: records.tenant,
    ca: records.ca,
    thing: {
      attached: true,
      record: {
        ...records.thing,
        groups: [
          { groupName: GROUP, groupId: items.groupIdOf(GROUP) },
          { groupName: PARENT, groupId: items.groupIdOf(PARENT) },
        ],
      },
    },
    alias: records.alias,
    policies: [
      attached(OWN_POLICY, BY_CERTIFICATE),
      attached(GROUP_POLICY, byGroup(GROUP)),
      attached(PARENT_POLICY, byGroup(PARENT)),
    ],
    sessionPolicies: [
      {
        policyName: SESSION_POLICY,
        versionId: '3',
        generationId: items.generationOf(SESSION_POLICY),
        template: expect.objectContaining({ statements: expect.anything() }),
      },
    ],
  })

  test('is read whole in four rounds by a process that knows nothing', async () => {
    const { facts, cost } = await readOnce()
    expect(facts).toEqual(everything())
    // 1: certificate, thing edge. 2: alias; tenant, CA, thing, policy. 3: two groups; session policy. 4: group policies.
    expect(cost).toMatchObject({ rounds: 4, calls: 2 + 3 + 3 + 1 })
  })

  test('is read whole in three rounds when only the issuer is remembered', async () => {
    const { read, remember } = process()
    remember()
    const { facts, cost } = await read()
    expect(facts).toEqual(everything())
    expect(cost).toMatchObject({ rounds: 3, calls: 3 + 3 + 1 })
  })

  test('is read whole in one round when all is remembered', async () => {
    const { read, remember } = process()
    await read()
    remember()
    const { facts, cost } = await read()
    expect(facts).toEqual(everything())
    expect(cost).toMatchObject({ rounds: 1, calls: 3 })
  })

  test('is read whole in two rounds when policies are remembered and the issuer is not', async () => {
    const { read } = process()
    await read()
    const { facts, cost } = await read()
    expect(facts).toEqual(everything())
    expect(cost).toMatchObject({ rounds: 2, calls: 2 + 3 })
  })

  test('is read whole though nothing can be remembered', async () => {
    const limits = { documentCharacters: 0, pointers: 0, groups: 0 }
    const { read } = process(createIssuerHints(), createPolicyCache({ limits }))
    await expect(read()).resolves.toMatchObject({ facts: everything(), cost: { rounds: 4 } })
  })

  test('T24: is read again when the hint names another tenant, and nothing of that tenant shows', async () => {
    const other = newWorld()
    await put(...plainDevice(worldItems(other)), ...groupsAndSession(worldItems(other)))
    const { read, remember } = process()
    remember(other)
    const { facts, cost } = await read()
    expect(facts).toEqual(everything())
    expect(cost).toMatchObject({ rounds: 4, calls: 3 + 3 + 3 + 1 })
  })

  test('T24: is read again when the hint names another CA of the same tenant', async () => {
    const other = { ...records, caCertificateId: newWorld().caCertificateId }
    const { read, remember } = process()
    await read()
    remember(other)
    const { facts, cost } = await read()
    expect(facts).toEqual(everything())
    expect(cost).toMatchObject({ rounds: 2, calls: 3 + 3 })
  })

  test('reads the CA in a second round in a deployment of one tenant, until it is remembered', async () => {
    const { read, remember } = process(createIssuerHints({ singleTenant: records.tenantId }))
    await read()
    const { facts, cost } = await read()
    expect(facts).toEqual(everything())
    // certificate, alias; thing edge, tenant, thing — CA
    expect(cost).toMatchObject({ rounds: 2, calls: 3 + 2, capacityUnits: 8 })
    remember()
    await expect(read()).resolves.toMatchObject({ cost: { rounds: 1, calls: 3 } })
  })

  test('has no groups and no group policies where the thing is not attached', async () => {
    await remove(items.thingEdge())
    const { facts } = await readOnce()
    expect(facts.thing).toEqual({ attached: false, record: { ...records.thing, groups: [] } })
    expect(facts.policies).toEqual([attached(OWN_POLICY, BY_CERTIFICATE)])
  })

  test('has no groups and no group policies without the thing header', async () => {
    const { facts } = await readOnce(withoutHeader())
    expect(facts).not.toHaveProperty('thing')
    expect(facts.policies).toEqual([attached(OWN_POLICY, BY_CERTIFICATE)])
  })

  test('shows no alias and no session policy when the request names none', async () => {
    const { facts } = await readOnce({ roleAlias: undefined } as unknown as Partial<FactsQuery>)
    expect(facts).not.toHaveProperty('alias')
    expect(facts.sessionPolicies).toEqual([])
  })
})

describe('what is not there', () => {
  beforeEach(() => put(...plainDevice(items)))

  test('an unknown certificate has no facts, and costs one round', async () => {
    await remove(items.certificate())
    const { read, remember } = process()
    remember()
    await expect(read()).resolves.toMatchObject({
      facts: { policies: [], sessionPolicies: [] },
      cost: { rounds: 1, calls: 3 },
    })
    const { facts } = await readOnce()
    expect(facts).toEqual({ policies: [], sessionPolicies: [] })
  })

  test.each([
    ['tenant', () => items.tenant()],
    ['ca', () => items.ca()],
    ['alias', () => items.alias()],
  ])('a missing %s is absent, and the rest is there', async (part, item) => {
    await remove(item())
    const { facts } = await readOnce()
    expect(facts).not.toHaveProperty(part)
    expect(facts.certificate).toEqual(records.certificate)
  })

  test('a certificate registered without a CA has none, whatever CA is hinted at', async () => {
    const registration = { kind: 'without-ca' } as const
    await put(items.certificate({ registration }))
    const { read, remember } = process()
    remember()
    const { facts } = await read()
    expect(facts).not.toHaveProperty('ca')
    expect(facts.certificate).toEqual({ ...records.certificate, registration })
  })

  test('a thing that neither exists nor is attached is absent', async () => {
    await remove(items.thing())
    await remove(items.thingEdge())
    const { facts } = await readOnce()
    expect(facts).not.toHaveProperty('thing')
  })

  test('session policies of an alias without a record are not read', async () => {
    await put(items.policyEdge(items.target.alias, SESSION_POLICY))
    await remove(items.alias())
    const { facts } = await readOnce()
    expect(facts.sessionPolicies).toEqual([])
  })

  test('a policy that cannot be read is there without a document', async () => {
    await put(items.policy(OWN_POLICY, '{"Version":'))
    const { facts } = await readOnce()
    expect(facts.policies).toEqual([
      { ...attached(OWN_POLICY, BY_CERTIFICATE), document: undefined },
    ])
  })

  test('a session policy that cannot be read is there without a template', async () => {
    await put(items.policyEdge(items.target.alias, SESSION_POLICY))
    await put(items.policy(SESSION_POLICY, '{"Version":"2012-10-17","Statement":[]}'))
    const { facts } = await readOnce()
    expect(facts.sessionPolicies).toMatchObject([{ template: undefined }])
  })

  test('one text attached as IoT policy and as session policy is parsed as each', async () => {
    await put(items.policyEdge(items.target.alias, OWN_POLICY))
    const { read } = process()
    for (const { facts } of [await read(), await read()]) {
      expect(facts.policies).toMatchObject([{ document: { dialect: 'iot' } }])
      expect(facts.sessionPolicies).toMatchObject([{ template: { statements: {} } }])
      expect(facts.sessionPolicies[0]?.template).not.toHaveProperty('dialect')
    }
  })
})

describe('without the thing header', () => {
  beforeEach(async () => {
    await put(...plainDevice(items), ...groupsAndSession(items))
    await put(items.certificate({ exclusiveThing: THING }), items.thingEdge({ exclusive: true }))
  })

  test.each([
    ['nothing is remembered', false, 4],
    ['the issuer is remembered', true, 4],
  ])('the exclusive thing is taken where the tenant says so, when %s', async (_, warm, rounds) => {
    await put(items.tenant({ defaultThing: 'exclusive' }))
    const { read, remember } = process()
    if (warm) remember()
    const { facts, cost } = await read(withoutHeader())
    expect(facts.thing).toMatchObject({ attached: true, record: { thingName: THING } })
    expect(facts.policies).toHaveLength(3)
    expect(cost.rounds).toBe(rounds)
  })

  test.each([
    ['nothing is remembered', false],
    ['the issuer is remembered', true],
  ])('the exclusive thing is not taken where the tenant does not, when %s', async (_, warm) => {
    const { read, remember } = process()
    if (warm) remember()
    const { facts } = await read(withoutHeader())
    expect(facts).not.toHaveProperty('thing')
    expect(facts.policies).toHaveLength(1)
  })

  test('the exclusive thing is not taken where there is no tenant', async () => {
    await remove(items.tenant())
    const { facts } = await readOnce(withoutHeader())
    expect(facts).not.toHaveProperty('thing')
  })

  test('there is no thing where none is exclusive', async () => {
    await put(items.tenant({ defaultThing: 'exclusive' }), items.certificate())
    const { facts } = await readOnce(withoutHeader())
    expect(facts).not.toHaveProperty('thing')
  })

  test('the header wins over the exclusive thing', async () => {
    const named = parseThingName('cam-2')!
    await put(items.tenant({ defaultThing: 'exclusive' }))
    await put(items.thing([], { thingName: named, thingId: 'second' }))
    await put(items.thingEdge({ thingName: named, thingId: 'second' }))
    const { facts } = await readOnce({ thingName: named })
    expect(facts.thing).toMatchObject({ attached: true, record: { thingName: named } })
  })

  test('an exclusive thing whose edge has gone is not attached', async () => {
    await put(items.tenant({ defaultThing: 'exclusive' }))
    await remove(items.thingEdge())
    const { facts } = await readOnce(withoutHeader())
    expect(facts.thing).toMatchObject({ attached: false })
  })
})

describe('groups', () => {
  beforeEach(() => put(...plainDevice(items), ...groupsAndSession(items)))
  const groupNames = async () => {
    const { facts } = await readOnce()
    return {
      groups: facts.thing?.record.groups.map(({ groupName }) => groupName),
      policies: facts.policies.map(({ policyName }) => policyName),
    }
  }

  test('a group that has gone is ignored, with the parents that it led to', async () => {
    await remove(items.group(GROUP))
    await expect(groupNames()).resolves.toEqual({ groups: [], policies: [OWN_POLICY] })
  })

  test('a group made again under the old name is ignored', async () => {
    await put(items.group(GROUP, 'another-group'))
    await put(items.policyEdge(items.target.group(GROUP, 'another-group'), GROUP_POLICY))
    await expect(groupNames()).resolves.toEqual({ groups: [], policies: [OWN_POLICY] })
  })

  test('a parent that has gone is ignored, and the group stays', async () => {
    await remove(items.group(PARENT))
    await expect(groupNames()).resolves.toEqual({
      groups: [GROUP],
      policies: [OWN_POLICY, GROUP_POLICY],
    })
  })

  test('a group that is reached twice counts once', async () => {
    const { membership } = items
    await put(items.thing([membership(GROUP), membership(PARENT, GROUP), membership(PARENT)]))
    await expect(groupNames()).resolves.toEqual({
      groups: [GROUP, PARENT],
      policies: [OWN_POLICY, GROUP_POLICY, PARENT_POLICY],
    })
  })

  test('seventy groups with two policies each take no further round', async () => {
    const names = Array.from({ length: 70 }, (_, index) => parseThingGroupName(`group-${index}`)!)
    const policyNames = [1, 2].flatMap((which) =>
      names.map((_, index) => parsePolicyName(`policy-${index}-${which}`)!),
    )
    await put(items.thing(names.map((name) => items.membership(name))))
    await putMany(table, [
      ...names.map((name) => items.group(name)),
      ...policyNames.map((name) => items.policy(name)),
      ...policyNames.map((name, index) =>
        items.policyEdge(items.target.group(names[index % 70]!), name),
      ),
    ])
    const { facts, cost } = await readOnce()
    expect(facts.policies).toHaveLength(141)
    // 140 policies are two lists for BatchGetItem, which takes a hundred keys.
    expect(cost).toMatchObject({ rounds: 4, calls: 2 + 3 + (70 + 1) + 2 })
  })
})

// Each row breaks one link; that it breaks is what keeps a reused name from inheriting.
const broken: Record<string, () => readonly Item[]> = {
  'a policy edge of another tenant': () => [
    items.policyEdge(items.target.certificate, OWN_POLICY, { tenantId: newWorld().tenantId }),
  ],
  'a policy edge of an earlier registration': () => [
    items.policyEdge({ ...items.target.certificate, registrationId: 'earlier' }, OWN_POLICY),
  ],
  'a policy edge to an earlier policy of the name': () => [
    items.policyEdge(items.target.certificate, OWN_POLICY, { generationId: 'earlier' }),
  ],
  'a policy edge to no policy': () => [
    items.policyEdge(items.target.certificate, parsePolicyName('missing')!),
  ],
  'a thing edge of another tenant': () => [items.thingEdge({ tenantId: newWorld().tenantId })],
  'a thing edge of an earlier registration': () => [items.thingEdge({ registrationId: 'earlier' })],
  'a thing edge to an earlier thing of the name': () => [items.thingEdge({ thingId: 'earlier' })],
  'a thing edge to no thing': () => [
    items.thingEdge({ thingName: parseThingName('missing')!, thingId: 'missing' }),
  ],
  'a session policy edge of an earlier alias of the name': () => [
    items.policyEdge({ ...items.target.alias, aliasId: 'earlier' }, SESSION_POLICY),
  ],
  'a session policy edge to an earlier policy of the name': () => [
    items.policyEdge(items.target.alias, SESSION_POLICY, { generationId: 'earlier' }),
  ],
  'a session policy edge to no policy': () => [
    items.policyEdge(items.target.alias, parsePolicyName('missing')!),
  ],
  'a group policy edge of an earlier group of the name': () => [
    items.policyEdge(items.target.group(GROUP, 'earlier'), GROUP_POLICY),
  ],
  'a group policy edge to an earlier policy of the name': () => [
    items.policyEdge(items.target.group(GROUP), GROUP_POLICY, { generationId: 'earlier' }),
  ],
  'a group policy edge to no policy': () => [
    items.policyEdge(items.target.group(GROUP), parsePolicyName('missing')!),
  ],
}

describe('items that contradict each other', () => {
  beforeEach(() => put(...plainDevice(items), ...groupsAndSession(items)))

  test('a fault names what contradicts what', async () => {
    const { certificateId } = records
    const messageOf = async (row: Item) => {
      await put(row)
      const fault = await readOnce().catch((thrown: Error) => thrown)
      await put(...plainDevice(items), ...groupsAndSession(items))
      return (fault as Error).message
    }
    const earlier = { generationId: 'earlier' }
    const { certificate, alias, group } = items.target
    const rows = {
      [`the edge from certificate ${certificateId} to policy own is of another tenant or registration`]:
        items.policyEdge({ ...certificate, registrationId: 'earlier' }, OWN_POLICY),
      'an edge leads to a policy of another generation: own': items.policyEdge(
        certificate,
        OWN_POLICY,
        earlier,
      ),
      'an edge leads to no thing, or another, cam-1': items.thingEdge({ thingId: 'earlier' }),
      'the edge from role alias camera to policy session is of another alias': items.policyEdge(
        { ...alias, aliasId: 'earlier' },
        SESSION_POLICY,
      ),
      'the edge from thing group site-a to policy site is of another group': items.policyEdge(
        group(GROUP, 'earlier'),
        GROUP_POLICY,
      ),
      'an edge leads to no policy: missing': items.policyEdge(
        certificate,
        parsePolicyName('missing')!,
      ),
    }
    for (const [message, row] of Object.entries(rows)) {
      await expect(messageOf(row)).resolves.toBe(message)
    }
  })

  test.each(Object.entries(broken))('%s is a fault', async (name, rows) => {
    await put(...rows())
    const thingName = name === 'a thing edge to no thing' ? parseThingName('missing')! : THING
    await expect(readOnce({ thingName })).rejects.toMatchObject({
      name: 'Fault',
      code: 'REGISTRY_INCONSISTENT',
    })
  })

  test('an edge that lies with an alias of this tenant and says that it is of another is a fault', async () => {
    const { tenantId } = newWorld()
    const edge = items.policyEdge(items.target.alias, SESSION_POLICY, { tenantId })
    await put({ ...edge, pk: items.alias().pk! })
    await expect(readOnce()).rejects.toMatchObject({ code: 'REGISTRY_UNREADABLE' })
  })

  test.each([
    ['certificate', () => items.certificate()],
    ['policy edge', () => items.policyEdge(items.target.certificate, OWN_POLICY)],
    ['thing edge', () => items.thingEdge()],
    ['tenant', () => items.tenant()],
    ['CA', () => items.ca()],
    ['thing', () => items.thing()],
    ['alias', () => items.alias()],
    ['session policy edge', () => items.policyEdge(items.target.alias, SESSION_POLICY)],
    ['policy', () => items.policy(OWN_POLICY)],
    ['group', () => items.group(GROUP)],
    ['group policy edge', () => items.policyEdge(items.target.group(GROUP), GROUP_POLICY)],
  ])('a %s of another shape is a fault', async (_, row) => {
    const { kind, ...rest } = row()
    await put({ ...rest, kind: { S: `${kind?.S}-of-another-version` } })
    await expect(readOnce()).rejects.toMatchObject({ code: 'REGISTRY_UNREADABLE' })
  })
})
