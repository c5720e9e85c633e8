import { randomUUID } from 'node:crypto'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { startTestTable } from '@thingpass/aws/testing/start-test-table'
import { OPERATIONS } from '@thingpass/control/operation-table'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import { expect, test } from 'vitest'
import type { Answer, Call } from './control-in-process.ts'
import { ATTEMPTS, type Attempt } from './control-isolation-attempts.ts'
import {
  type IsolatedRegistry,
  type IsolatedWorld,
  isolatedClock,
  OWNED,
  openIsolated,
} from './control-isolation-world.ts'
import { arn } from './control-world.ts'

const openFake = async (): Promise<IsolatedRegistry> => {
  const registry = createFakeRegistry({ clock: isolatedClock, newId: randomUUID })
  return { registry, readFacts: registry.readFacts, stop: async () => undefined }
}

const openTable = async (): Promise<IsolatedRegistry> => {
  const { client, tableName, stop } = await startTestTable()
  const common = { client, tableName, clock: isolatedClock }
  const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
  return {
    registry: createRegistryWrites({ ...common, newId: randomUUID, actor: 'somebody' }),
    ...createReadFacts({ ...common, ...memory }),
    stop,
  }
}

/** Everything that default can see of its own. */
const GLANCES: readonly (readonly [string, Attempt['labels']?, Attempt['headers']?])[] = [
  ['DescribeRoleAlias', { roleAlias: 'owned-alias' }],
  ['DescribeRoleAlias', { roleAlias: 'owned-loose' }],
  ['GetSessionProfile', { roleAlias: 'owned-alias' }],
  ['GetSessionProfile', { roleAlias: 'owned-loose' }],
  ['ListRoleAliases'],
  ...['owned-policy', 'owned-limit', 'owned-loose'].flatMap(
    (policyName) =>
      [
        ['GetPolicy', { policyName }],
        ['ListPolicyVersions', { policyName }],
        ['ListTargetsForPolicy', { policyName }],
      ] as const,
  ),
  ['ListPolicies'],
  ...[OWNED.device.arn, arn('thinggroup/owned-group'), arn('rolealias/owned-alias')].map(
    (target) => ['ListAttachedPolicies', { target }] as const,
  ),
  ['DescribeThing', { thingName: 'owned-thing' }],
  ['DescribeThing', { thingName: 'owned-spare' }],
  ['ListThings'],
  ['ListThingPrincipalsV2', { thingName: 'owned-thing' }],
  ['ListThingPrincipalsV2', { thingName: 'owned-spare' }],
  ['ListPrincipalThingsV2', {}, { 'x-amzn-principal': OWNED.device.arn }],
  ['ListThingGroupsForThing', { thingName: 'owned-thing' }],
  ['ListThingGroupsForThing', { thingName: 'owned-spare' }],
  ['DescribeThingType', { thingTypeName: 'owned-type' }],
  ['DescribeThingType', { thingTypeName: 'owned-old' }],
  ['ListThingTypes'],
  ['DescribeThingGroup', { thingGroupName: 'owned-group' }],
  ['ListThingsInThingGroup', { thingGroupName: 'owned-group' }],
  ['ListThingGroups'],
  ['DescribeCertificate', { certificateId: OWNED.device.certificateId }],
  ['DescribeCertificate', { certificateId: OWNED.spareDevice.certificateId }],
  ['ListCertificates'],
  ['DescribeCACertificate', { caCertificateId: OWNED.ca.id }],
  ['DescribeCACertificate', { caCertificateId: OWNED.inactiveCa.id }],
  ['ListCACertificates'],
  ['GetRevocationList', { caCertificateId: OWNED.ca.id }],
  ['GetRegistrationCode'],
  ['DescribeTenant', { tenant: 'default' }],
]

const TAGGED = ['policy/owned-policy', 'rolealias/owned-alias', 'thinggroup/owned-group'].map(
  (path): Call => ({ method: 'GET', path: '/tags', query: { resourceArn: arn(path) } }),
)

function callOf(name: string, attempt: Omit<Attempt, 'acme'>): Call {
  const operation = OPERATIONS.find((each) => each.name === name)!
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, label) =>
    encodeURIComponent(attempt.labels?.[label] ?? 'no-label'),
  )
  const { query = {}, headers = {}, body } = attempt
  return { method: operation.method, path, query, headers, ...(body === undefined ? {} : { body }) }
}

async function lookAround({ callAs }: IsolatedWorld): Promise<readonly Answer[]> {
  const calls = GLANCES.map(([name, labels = {}, headers = {}]) =>
    callOf(name, { labels, headers }),
  )
  return Promise.all([...calls, ...TAGGED].map((call) => callAs('default', call)))
}

/** What is made up anew in every world, and by every certificate. */
const MADE_UP =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{64}|-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g
const likeness = (answer: Answer) => JSON.stringify(answer).replaceAll(MADE_UP, '?')

/** Words that tell of default, unless whoever is told them has said them. */
const TELLING = [
  ...['owned-', 'external-id-of-default', '/devices/camera', OWNED.ca.id, OWNED.inactiveCa.id],
  ...[OWNED.device.certificateId, OWNED.spareDevice.certificateId],
]

const rows = Object.entries(ATTEMPTS).flatMap(([name, attempts]) =>
  attempts.map((attempt, index) => [`${name} (${index + 1})`, name, attempt] as const),
)

test('every operation is tried', () => {
  expect(new Set(Object.keys(ATTEMPTS))).toEqual(new Set(OPERATIONS.map(({ name }) => name)))
})

/** What acme is answered, which tells nothing of default that acme has not said itself. */
async function tryAsForeigner(world: IsolatedWorld, call: Call): Promise<Answer> {
  const answer = await world.callAs('acme', call)
  const [told, said] = [JSON.stringify(answer), JSON.stringify(call)]
  expect(TELLING.filter((word) => told.includes(word) && !said.includes(word))).toEqual([])
  return answer
}

test.each(rows)('%s finds and changes nothing of another tenant', async (_, name, attempt) => {
  const call = callOf(name, attempt)
  const full = await openIsolated(openFake, 'everything')
  const before = await lookAround(full)
  expect(before.filter(({ status }) => status !== 200)).toEqual([])
  const answer = await tryAsForeigner(full, call)
  expect(await lookAround(full)).toEqual(before)
  expect(answer.type ?? 'ok').toBe(attempt.acme)
  // The owner's own call shows that the attempt would have hit.
  const owner = attempt.owner && (await full.callAs('default', call)).status
  expect(owner).toBe(attempt.owner)
  expect(full.faults).toEqual([])
  await full.close()
  const empty = await openIsolated(openFake, 'nothing')
  const otherwise = await empty.callAs('acme', call)
  await empty.close()
  if (attempt.otherwise === undefined) expect(likeness(answer)).toBe(likeness(otherwise))
  else expect(otherwise.type ?? 'ok').toBe(attempt.otherwise)
})

test('all attempts, one after the other, leave another tenant as it was in DynamoDB', async () => {
  const world = await openIsolated(openTable, 'everything')
  const before = await lookAround(world)
  // What acme makes under a name of default's comes last: from then on the name is acme's too.
  const turn = ([, name, { acme }]: (typeof rows)[number]) => {
    if (acme !== 'ok') return 0
    return name.startsWith('List') ? 1 : 2
  }
  const ordered = rows.toSorted((one, other) => turn(one) - turn(other))
  for (const [row, name, attempt] of ordered) {
    const answer = await tryAsForeigner(world, callOf(name, attempt))
    expect([row, answer.type ?? 'ok']).toEqual([row, attempt.acme])
  }
  expect(await lookAround(world)).toEqual(before)
  expect(world.faults).toEqual([])
  await world.close()
}, 60_000)

test('places in another tenant’s lists lead nowhere', async () => {
  const world = await openIsolated(openFake, 'everything')
  const lists = OPERATIONS.filter(({ name }) => /^List/.test(name))
  for (const { name } of lists) {
    for (const [size, token, next] of [
      ['maxResults', 'nextToken', 'nextToken'],
      ['pageSize', 'marker', 'nextMarker'],
    ] as const) {
      const own = { query: { [size]: '1' } }
      const place = (await world.callAs('default', callOf(name, own))).json[next]
      if (typeof place !== 'string') continue
      const foreign = await world.callAs('acme', callOf(name, { query: { [token]: place } }))
      expect(JSON.stringify(foreign)).not.toContain('owned-')
    }
  }
  await world.close()
})
