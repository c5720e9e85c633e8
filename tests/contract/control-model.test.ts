import { hash, randomUUID } from 'node:crypto'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { startTestTable } from '@thingpass/aws/testing/start-test-table'
import { parseCertificateId, parseTenantId } from '@thingpass/core/names'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createInProcess, type InProcessParts } from './control-in-process.ts'
import {
  aliasSteps,
  attachmentSteps,
  emptyModel,
  groupSteps,
  type Model,
  policySteps,
  principalSteps,
  type Step,
  thingSteps,
} from './control-model.ts'
import { NOW } from './control-world.ts'

const clock = () => NOW

/** A tenant of its own for one sequence, with two certificates and nothing else. */
type Real = {
  readonly call: (step: Step) => Promise<object>
  readonly certificates: CertificateIds
}
type CertificateIds = readonly [string, string]

let runs = 0

async function newTenant(parts: Omit<InProcessParts, 'clock' | 'directory'>): Promise<Real> {
  runs += 1
  const name = `run-${runs}`
  const { callAs, addTenant, faults } = createInProcess({ ...parts, clock, directory: 'none' })
  await addTenant(name)
  const idOf = (which: string) => hash('sha256', `${name} ${which}`, 'hex')
  const certificates = [idOf('one'), idOf('other')] as const
  for (const certificateId of certificates) {
    await parts.registry.registerCertificate({
      tenantId: parseTenantId(name)!,
      certificateId: parseCertificateId(certificateId)!,
      ...{ registration: { kind: 'without-ca' }, status: 'ACTIVE' },
    })
  }
  const call = async (step: Step) => {
    const { type = 'ok', json } = await callAs(name, step.call)
    expect(faults).toEqual([])
    return { type, json: sortedMembers(json) }
  }
  return { call, certificates }
}

/** Members of a group come group by group; as a set they are compared. */
function sortedMembers(json: Readonly<Record<string, unknown>>): object {
  const { things } = json
  const names = Array.isArray(things) && things.every((each) => typeof each === 'string')
  return names ? { ...json, things: things.toSorted((one, other) => (one < other ? -1 : 1)) } : json
}

/** Steps that name a certificate are made when the run's certificates are known. */
type Making = { readonly name: string; readonly make: (certificates: CertificateIds) => Step }

const THINGS = fc.constantFrom('thing-a', 'thing-b', 'thing-c')
const TYPES = fc.constantFrom('type-a', 'type-b')
const GROUPS = fc.constantFrom('group-a', 'group-b', 'group-c', 'group-d')
const POLICIES = fc.constantFrom('policy-a', 'policy-b', 'policy-c')
const ALIASES = fc.constantFrom('alias-a', 'alias-b')
const CERTIFICATES = fc.constantFrom<0 | 1>(0, 1)
const ATTRIBUTES = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.constantFrom('', 'x', 'y'),
  { maxKeys: 4 },
)
const VERSIONS = fc.integer({ min: 1, max: 7 })
const maybe = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined })
const TARGETS = fc.oneof(
  GROUPS.map((name) => () => `thinggroup/${name}`),
  ALIASES.map((name) => () => `rolealias/${name}`),
  CERTIFICATES.map((which) => (ids: CertificateIds) => `cert/${ids[which]}`),
)

/** Makes commands of a step from values for its arguments. */
function commandsOf<Values extends unknown[]>(
  name: string,
  values: { readonly [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  make: (certificates: CertificateIds, ...chosen: Values) => Step,
): fc.Arbitrary<fc.AsyncCommand<Model, Real>> {
  return fc.tuple<Values>(...values).map((chosen) => {
    const making: Making = {
      name: `${name}(${chosen.map((each) => (typeof each === 'function' ? each(['0', '1']) : JSON.stringify(each))).join(', ')})`,
      make: (certificates) => make(certificates, ...chosen),
    }
    return commandOf(making)
  })
}

function commandOf({ name, make }: Making): fc.AsyncCommand<Model, Real> {
  return {
    check: () => true,
    run: async (model, real) => {
      const step = make(real.certificates)
      const expected = step.expect(model)
      expect(await real.call(step)).toMatchObject(expected)
    },
    toString: () => name,
  }
}

const COMMANDS = [
  commandsOf('createType', [TYPES], (_, name) => thingSteps.createType(name)),
  commandsOf('deprecateType', [TYPES, fc.boolean()], (_, ...of) => thingSteps.deprecateType(...of)),
  commandsOf('deleteType', [TYPES], (_, name) => thingSteps.deleteType(name)),
  commandsOf('createThing', [THINGS, maybe(TYPES), ATTRIBUTES], (_, ...of) =>
    thingSteps.create(...of),
  ),
  commandsOf(
    'updateThing',
    [
      THINGS,
      fc.record({
        attributes: ATTRIBUTES,
        merge: fc.boolean(),
        removeThingType: fc.boolean(),
        expectedVersion: maybe(fc.integer({ min: 1, max: 4 })),
      }),
    ],
    (_, ...of) => thingSteps.update(...of),
  ),
  commandsOf('deleteThing', [THINGS], (_, name) => thingSteps.remove(name)),
  commandsOf('describeThing', [THINGS], (_, name) => thingSteps.describe(name)),
  commandsOf('createGroup', [GROUPS, maybe(GROUPS)], (_, ...of) => groupSteps.create(...of)),
  commandsOf('deleteGroup', [GROUPS], (_, name) => groupSteps.remove(name)),
  commandsOf('addToGroup', [THINGS, GROUPS], (_, ...of) => groupSteps.add(...of)),
  commandsOf('removeFromGroup', [THINGS, GROUPS], (_, ...of) => groupSteps.takeOut(...of)),
  commandsOf('members', [GROUPS, fc.boolean()], (_, ...of) => groupSteps.members(...of)),
  commandsOf('attachThing', [CERTIFICATES, THINGS, fc.boolean()], (ids, which, ...of) =>
    principalSteps.attach(ids[which], ...of),
  ),
  commandsOf('detachThing', [CERTIFICATES, THINGS], (ids, which, thing) =>
    principalSteps.detach(ids[which], thing),
  ),
  commandsOf('createPolicy', [POLICIES], (_, name) => policySteps.create(name)),
  commandsOf('deletePolicy', [POLICIES], (_, name) => policySteps.remove(name)),
  commandsOf('addVersion', [POLICIES, fc.boolean()], (_, ...of) => policySteps.addVersion(...of)),
  commandsOf('deleteVersion', [POLICIES, VERSIONS], (_, ...of) => policySteps.removeVersion(...of)),
  commandsOf('setDefault', [POLICIES, VERSIONS], (_, ...of) => policySteps.setDefault(...of)),
  commandsOf('attachPolicy', [POLICIES, TARGETS], (ids, policy, target) =>
    attachmentSteps.attach(policy, target(ids)),
  ),
  commandsOf('detachPolicy', [POLICIES, TARGETS], (ids, policy, target) =>
    attachmentSteps.detach(policy, target(ids)),
  ),
  commandsOf('createAlias', [ALIASES], (_, name) => aliasSteps.create(name)),
  commandsOf('deleteAlias', [ALIASES], (_, name) => aliasSteps.remove(name)),
  commandsOf('widenAlias', [ALIASES], (_, name) => aliasSteps.widen(name)),
]

/** Every read there is, of every name there is. */
function everyRead(certificates: CertificateIds): readonly Step[] {
  const [one, other] = certificates
  const groups = ['group-a', 'group-b', 'group-c', 'group-d']
  const aliases = ['alias-a', 'alias-b']
  const things = ['thing-a', 'thing-b', 'thing-c']
  const targets = [
    ...groups.map((name) => `thinggroup/${name}`),
    ...aliases.map((name) => `rolealias/${name}`),
    ...certificates.map((id) => `cert/${id}`),
  ]
  return [
    ...[thingSteps.list(), policySteps.list(), aliasSteps.list()],
    ...things.flatMap((name) => [thingSteps.describe(name), groupSteps.ofThing(name)]),
    ...groups.flatMap((name) => [groupSteps.members(name, false), groupSteps.members(name, true)]),
    ...[principalSteps.list(one), principalSteps.list(other)],
    ...['policy-a', 'policy-b', 'policy-c'].map(policySteps.listVersions),
    ...targets.map(attachmentSteps.list),
    ...aliases.map(aliasSteps.scope),
  ]
}

/** Something of everything, to begin with: from nothing few sequences get far. */
const FURNITURE: readonly Step[] = [
  ...['type-a', 'type-b'].map(thingSteps.createType),
  ...['thing-a', 'thing-b'].map((name) => thingSteps.create(name, undefined, {})),
  ...[groupSteps.create('group-a', undefined), groupSteps.create('group-b', 'group-a')],
  ...[groupSteps.create('group-c', 'group-a'), groupSteps.create('group-d', undefined)],
  ...['policy-a', 'policy-b', 'policy-c'].map(policySteps.create),
  ...['alias-a', 'alias-b'].map(aliasSteps.create),
]

function anySequence(open: () => Promise<Real>, longest: number) {
  const sequences = fc.commands(COMMANDS, { maxCommands: longest, size: 'max' })
  return fc.asyncProperty(fc.boolean(), sequences, async (furnished, commands) => {
    const model = emptyModel()
    const real = await open()
    const goesAsExpected = async (step: Step) => {
      const expected = step.expect(model)
      expect(await real.call(step)).toMatchObject(expected)
    }
    for (const step of furnished ? FURNITURE : []) await goesAsExpected(step)
    await fc.asyncModelRun(() => ({ model, real }), commands)
    for (const step of everyRead(real.certificates)) await goesAsExpected(step)
  })
}

test('any sequence of calls leaves what a simple model says, over the fake registry', async () => {
  const open = () => {
    const registry = createFakeRegistry({ clock })
    return newTenant({ registry, readFacts: registry.readFacts })
  }
  await fc.assert(anySequence(open, 60), { numRuns: 1000 })
}, 60_000)

test('any sequence of calls leaves what a simple model says, over DynamoDB', async () => {
  const { client, tableName, stop } = await startTestTable()
  const common = { client, tableName, clock }
  const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
  const registry = createRegistryWrites({ ...common, newId: randomUUID, actor: 'somebody' })
  const { readFacts } = createReadFacts({ ...common, ...memory })
  try {
    await fc.assert(
      anySequence(() => newTenant({ registry, readFacts }), 60),
      { numRuns: 15 },
    )
  } finally {
    await stop()
  }
}, 60_000)
