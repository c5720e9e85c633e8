import type { Call } from './control-in-process.ts'
import { arn, OWN_PREFIX, ROLE } from './control-world.ts'

/** What a tenant owns, as simply as it can be said. Edges are written `policy>target` and `certificate>thing`. */
export type Model = {
  readonly types: Map<string, { deprecated: boolean }>
  readonly things: Map<string, ModelThing>
  readonly groups: Map<string, { readonly parent: string | undefined }>
  readonly policies: Map<string, ModelPolicy>
  readonly policyEdges: Set<string>
  /** Edge → whether it is exclusive. */
  readonly attachments: Map<string, boolean>
  /** Alias → whether it is limited to session policies. */
  readonly aliases: Map<string, boolean>
  /** Aliases that were limited when they were deleted. */
  readonly limitedForGood: Set<string>
}

type ModelThing = {
  type: string | undefined
  attributes: Readonly<Record<string, string>>
  version: number
  readonly groups: Set<string>
}
type ModelPolicy = { versions: number[]; standard: number; last: number }

/** What a call has to come to: `ok` or the code of its error, and what of the answer is known. */
export type Expected = { readonly type: string; readonly json?: object }

/** A call, and the model's word on it; asking for it makes the change in the model. */
export type Step = {
  readonly call: Call
  readonly expect: (model: Model) => Expected
}

/** Makes a model that owns nothing. */
export const emptyModel = (): Model => ({
  types: new Map(),
  things: new Map(),
  groups: new Map(),
  policies: new Map(),
  policyEdges: new Set(),
  attachments: new Map(),
  aliases: new Map(),
  limitedForGood: new Set(),
})

const OK: Expected = { type: 'ok' }
const MISSING: Expected = { type: 'ResourceNotFoundException' }
const INVALID: Expected = { type: 'InvalidRequestException' }
const EXISTS: Expected = { type: 'ResourceAlreadyExistsException' }
const IN_USE: Expected = { type: 'DeleteConflictException' }

const put = (path: string, body?: object): Call => ({ method: 'PUT', path, ...(body && { body }) })
const post = (path: string, body: object = {}): Call => ({ method: 'POST', path, body })
const patch = (path: string, body: object = {}): Call => ({ method: 'PATCH', path, body })
const get = (path: string, query = {}): Call => ({ method: 'GET', path, query })
const remove = (path: string): Call => ({ method: 'DELETE', path })
const step = (call: Call, expect: Step['expect']): Step => ({ call, expect })

const inOrder = (names: Iterable<string>): readonly string[] =>
  [...names].toSorted((one, other) => (one < other ? -1 : 1))
const same = (one: object, other: object) =>
  JSON.stringify(Object.entries(one).toSorted()) ===
  JSON.stringify(Object.entries(other).toSorted())
const withoutEmpty = (attributes: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))

const typeAfter = ({ type }: ModelThing, removed: boolean) => (removed ? undefined : type)

/** A thing has three attributes at most, unless it has a type. */
const isTooMuch = (type: string | undefined, attributes: object) =>
  type === undefined && Object.keys(attributes).length > 3

function refusedType({ types }: Model, name: string | undefined): Expected | undefined {
  if (name === undefined) return undefined
  const type = types.get(name)
  if (type === undefined) return MISSING
  return type.deprecated ? INVALID : undefined
}

/** Changes of things and of their types. */
export const thingSteps = {
  createType: (name: string) =>
    step(post(`/thing-types/${name}`), ({ types }) => {
      if (!types.has(name)) types.set(name, { deprecated: false })
      return OK
    }),
  deprecateType: (name: string, undoDeprecate: boolean) =>
    step(post(`/thing-types/${name}/deprecate`, { undoDeprecate }), ({ types }) => {
      const type = types.get(name)
      if (type === undefined) return MISSING
      type.deprecated = !undoDeprecate
      return OK
    }),
  // No time passes, so that no type has been deprecated for long enough.
  deleteType: (name: string) =>
    step(remove(`/thing-types/${name}`), ({ types }) => (types.has(name) ? INVALID : MISSING)),
  create: (name: string, thingTypeName: string | undefined, sent: Record<string, string>) =>
    step(
      post(`/things/${name}`, { thingTypeName, attributePayload: { attributes: sent } }),
      (model) => {
        const attributes = withoutEmpty(sent)
        const there = model.things.get(name)
        if (there !== undefined) {
          const again = there.type === thingTypeName && same(there.attributes, attributes)
          return again ? OK : EXISTS
        }
        if (isTooMuch(thingTypeName, attributes)) return INVALID
        const refused = refusedType(model, thingTypeName)
        if (refused !== undefined) return refused
        const thing = { type: thingTypeName, attributes, version: 1, groups: new Set<string>() }
        model.things.set(name, thing)
        return OK
      },
    ),
  update: (
    name: string,
    change: {
      readonly attributes: Record<string, string>
      readonly merge: boolean
      readonly removeThingType: boolean
      readonly expectedVersion: number | undefined
    },
  ) => {
    const { attributes: sent, merge, removeThingType, expectedVersion } = change
    const attributePayload = { attributes: sent, merge }
    const body = { attributePayload, removeThingType, expectedVersion }
    return step(patch(`/things/${name}`, body), ({ things }) => {
      const thing = things.get(name)
      if (thing === undefined) return MISSING
      const { version } = thing
      if ((expectedVersion ?? version) !== version) return { type: 'VersionConflictException' }
      const kept = merge ? thing.attributes : {}
      const attributes = withoutEmpty({ ...kept, ...sent })
      const type = typeAfter(thing, removeThingType)
      if (isTooMuch(type, attributes)) return INVALID
      Object.assign(thing, { type, attributes, version: version + 1 })
      return OK
    })
  },
  remove: (name: string) =>
    step(remove(`/things/${name}`), ({ things, attachments }) => {
      const attached = [...attachments.keys()].some((edge) => edge.endsWith(`>${name}`))
      if (things.has(name) && attached) return INVALID
      things.delete(name)
      return OK
    }),
  describe: (name: string) =>
    step(get(`/things/${name}`), ({ things }) => {
      const thing = things.get(name)
      if (thing === undefined) return MISSING
      const { attributes, version } = thing
      const type = thing.type === undefined ? {} : { thingTypeName: thing.type }
      return { type: 'ok', json: { thingName: name, attributes, version, ...type } }
    }),
  list: () =>
    step(get('/things'), ({ things }) => {
      const listed = inOrder(things.keys()).map((thingName) => ({
        thingName,
        version: things.get(thingName)?.version,
      }))
      return { type: 'ok', json: { things: listed } }
    }),
}

/** A group with all groups above it. */
function lineOf({ groups }: Model, name: string): readonly string[] {
  const parent = groups.get(name)?.parent
  return parent === undefined ? [name] : [name, ...lineOf({ groups } as Model, parent)]
}

function membersOf(model: Model, name: string, recursive: boolean): readonly string[] {
  const isIn = (group: string) => (recursive ? lineOf(model, group).includes(name) : group === name)
  return inOrder(
    [...model.things].filter(([, { groups }]) => [...groups].some(isIn)).map(([thing]) => thing),
  )
}

/** Changes of groups and of their members. */
export const groupSteps = {
  create: (name: string, parentGroupName: string | undefined) =>
    step(post(`/thing-groups/${name}`, { parentGroupName }), ({ groups }) => {
      const there = groups.get(name)
      if (there !== undefined) return there.parent === parentGroupName ? OK : EXISTS
      if (parentGroupName !== undefined && !groups.has(parentGroupName)) return INVALID
      groups.set(name, { parent: parentGroupName })
      return OK
    }),
  remove: (name: string) =>
    step(remove(`/thing-groups/${name}`), ({ groups, things, policyEdges }) => {
      if ([...groups.values()].some(({ parent }) => parent === name)) return INVALID
      groups.delete(name)
      for (const thing of things.values()) thing.groups.delete(name)
      for (const edge of policyEdges) {
        if (edge.endsWith(`>thinggroup/${name}`)) policyEdges.delete(edge)
      }
      return OK
    }),
  add: (thingName: string, thingGroupName: string) => {
    const call = put('/thing-groups/addThingToThingGroup', { thingName, thingGroupName })
    return step(call, (model) => {
      const thing = model.things.get(thingName)
      if (thing === undefined || !model.groups.has(thingGroupName)) return MISSING
      if (thing.groups.has(thingGroupName)) return OK
      const line = lineOf(model, thingGroupName)
      const lines = [...thing.groups].flatMap((group) => lineOf(model, group))
      if (lines.some((group) => line.includes(group))) return INVALID
      thing.groups.add(thingGroupName)
      return OK
    })
  },
  takeOut: (thingName: string, thingGroupName: string) => {
    const call = put('/thing-groups/removeThingFromThingGroup', { thingName, thingGroupName })
    return step(call, ({ things, groups }) => {
      const thing = things.get(thingName)
      if (thing === undefined || !groups.has(thingGroupName)) return MISSING
      thing.groups.delete(thingGroupName)
      return OK
    })
  },
  ofThing: (name: string) =>
    step(get(`/things/${name}/thing-groups`), ({ things }) => {
      const thing = things.get(name)
      if (thing === undefined) return MISSING
      const thingGroups = inOrder(thing.groups).map((groupName) => ({ groupName }))
      return { type: 'ok', json: { thingGroups } }
    }),
  members: (name: string, recursive: boolean) =>
    step(get(`/thing-groups/${name}/things`, { recursive: String(recursive) }), (model) => {
      if (!model.groups.has(name)) return MISSING
      // A recursive list goes from group to group: its order is not the model's affair.
      return { type: 'ok', json: { things: membersOf(model, name, recursive) } }
    }),
}

/** Attachments of certificates, which are there from the beginning, to things. */
export const principalSteps = {
  attach: (certificate: string, thing: string, exclusive: boolean) => {
    const thingPrincipalType = exclusive ? 'EXCLUSIVE_THING' : 'NON_EXCLUSIVE_THING'
    const headers = { 'x-amzn-principal': arn(`cert/${certificate}`) }
    const call = { ...put(`/things/${thing}/principals`), headers, query: { thingPrincipalType } }
    return step(call, ({ things, attachments }) => {
      if (!things.has(thing)) return MISSING
      const edge = `${certificate}>${thing}`
      if (attachments.get(edge) === exclusive) return OK
      const own = [...attachments].filter(([each]) => each.startsWith(`${certificate}>`))
      const taken = own.some(([, isExclusive]) => isExclusive)
      const shared = exclusive && own.some(([each]) => each !== edge)
      if (taken || shared) return INVALID
      attachments.set(edge, exclusive)
      return OK
    })
  },
  detach: (certificate: string, thing: string) => {
    const headers = { 'x-amzn-principal': arn(`cert/${certificate}`) }
    return step(
      { ...remove(`/things/${thing}/principals`), headers },
      ({ things, attachments }) => {
        if (!things.has(thing)) return MISSING
        attachments.delete(`${certificate}>${thing}`)
        return OK
      },
    )
  },
  list: (certificate: string) => {
    const headers = { 'x-amzn-principal': arn(`cert/${certificate}`) }
    return step({ ...get('/principals/things-v2'), headers }, ({ attachments }) => {
      const own = [...attachments].filter(([edge]) => edge.startsWith(`${certificate}>`))
      const principalThingObjects = own
        .map(([edge, exclusive]) => ({
          thingName: edge.slice(certificate.length + 1),
          thingPrincipalType: exclusive ? 'EXCLUSIVE_THING' : 'NON_EXCLUSIVE_THING',
        }))
        .toSorted((one, other) => (one.thingName < other.thingName ? -1 : 1))
      return { type: 'ok', json: { principalThingObjects } }
    })
  },
}

const policyBody = { policyDocument: OWN_PREFIX }

/** Changes of policies and of their versions. */
export const policySteps = {
  create: (name: string) =>
    step(post(`/policies/${name}`, policyBody), ({ policies }) => {
      if (policies.has(name)) return EXISTS
      policies.set(name, { versions: [1], standard: 1, last: 1 })
      return OK
    }),
  remove: (name: string) =>
    step(remove(`/policies/${name}`), ({ policies, policyEdges }) => {
      const policy = policies.get(name)
      if (policy === undefined) return MISSING
      const attached = [...policyEdges].some((edge) => edge.startsWith(`${name}>`))
      if (attached || policy.versions.length > 1) return IN_USE
      policies.delete(name)
      return OK
    }),
  addVersion: (name: string, setAsDefault: boolean) => {
    const query = { setAsDefault: String(setAsDefault) }
    return step({ ...post(`/policies/${name}/version`, policyBody), query }, ({ policies }) => {
      const policy = policies.get(name)
      if (policy === undefined) return MISSING
      if (policy.versions.length >= 5) return { type: 'VersionsLimitExceededException' }
      policy.last += 1
      policy.versions.push(policy.last)
      if (setAsDefault) policy.standard = policy.last
      return { type: 'ok', json: { policyVersionId: String(policy.last) } }
    })
  },
  removeVersion: (name: string, version: number) =>
    step(remove(`/policies/${name}/version/${version}`), ({ policies }) => {
      const policy = policies.get(name)
      if (!policy?.versions.includes(version)) return MISSING
      if (policy.standard === version) return IN_USE
      policy.versions = policy.versions.filter((each) => each !== version)
      return OK
    }),
  setDefault: (name: string, version: number) =>
    step(patch(`/policies/${name}/version/${version}`), ({ policies }) => {
      const policy = policies.get(name)
      if (!policy?.versions.includes(version)) return MISSING
      policy.standard = version
      return OK
    }),
  listVersions: (name: string) =>
    step(get(`/policies/${name}/version`), ({ policies }) => {
      const policy = policies.get(name)
      if (policy === undefined) return MISSING
      const policyVersions = policy.versions.toReversed().map((version) => ({
        versionId: String(version),
        isDefaultVersion: version === policy.standard,
      }))
      return { type: 'ok', json: { policyVersions } }
    }),
  list: () =>
    step(get('/policies'), ({ policies }) => {
      const listed = inOrder(policies.keys()).map((policyName) => ({ policyName }))
      return { type: 'ok', json: { policies: listed } }
    }),
}

const MOST_POLICIES_OF_A_GROUP = 2

const isThere = ({ groups, aliases }: Model, target: string) => {
  const [kind, name = ''] = target.split('/')
  if (kind === 'thinggroup') return groups.has(name)
  return kind === 'cert' || aliases.has(name)
}
const policiesOf = ({ policyEdges }: Model, target: string) =>
  inOrder([...policyEdges].filter((edge) => edge.endsWith(`>${target}`))).map((edge) =>
    edge.slice(0, -target.length - 1),
  )

/** Attachments of policies. A target is what stands behind the account in its ARN. */
export const attachmentSteps = {
  attach: (policy: string, target: string) =>
    step(put(`/target-policies/${policy}`, { target: arn(target) }), (model) => {
      if (!model.policies.has(policy) || !isThere(model, target)) return MISSING
      const attached = policiesOf(model, target)
      if (attached.includes(policy)) return OK
      const full = target.startsWith('thinggroup/') && attached.length >= MOST_POLICIES_OF_A_GROUP
      if (full) return { type: 'LimitExceededException' }
      model.policyEdges.add(`${policy}>${target}`)
      if (target.startsWith('rolealias/')) model.aliases.set(target.slice(10), true)
      return OK
    }),
  detach: (policy: string, target: string) =>
    step(post(`/target-policies/${policy}`, { target: arn(target) }), (model) => {
      if (!model.policies.has(policy) || !isThere(model, target)) return MISSING
      model.policyEdges.delete(`${policy}>${target}`)
      return OK
    }),
  list: (target: string) =>
    step(post(`/attached-policies/${encodeURIComponent(arn(target))}`), (model) => {
      if (!isThere(model, target)) return MISSING
      const policies = policiesOf(model, target).map((policyName) => ({ policyName }))
      return { type: 'ok', json: { policies } }
    }),
}

/** Changes of role aliases and of their scope. */
export const aliasSteps = {
  create: (name: string) =>
    step(post(`/role-aliases/${name}`, { roleArn: ROLE }), ({ aliases, limitedForGood }) => {
      if (aliases.has(name)) return EXISTS
      aliases.set(name, limitedForGood.has(name))
      return OK
    }),
  remove: (name: string) =>
    step(remove(`/role-aliases/${name}`), (model) => {
      const limited = model.aliases.get(name)
      if (limited === undefined) return MISSING
      if (policiesOf(model, `rolealias/${name}`).length > 0) return IN_USE
      if (limited) model.limitedForGood.add(name)
      else model.limitedForGood.delete(name)
      model.aliases.delete(name)
      return OK
    }),
  widen: (name: string) =>
    step(put(`/thingpass/role-aliases/${name}/session-profile`, { scope: 'role' }), (model) => {
      if (!model.aliases.has(name)) return MISSING
      if (policiesOf(model, `rolealias/${name}`).length > 0) return { type: 'ConflictException' }
      model.aliases.set(name, false)
      return OK
    }),
  scope: (name: string) =>
    step(get(`/thingpass/role-aliases/${name}/session-profile`), ({ aliases }) => {
      const limited = aliases.get(name)
      if (limited === undefined) return MISSING
      return { type: 'ok', json: { scope: limited ? 'session-policy' : 'role' } }
    }),
  list: () =>
    step(get('/role-aliases'), ({ aliases }) => ({
      type: 'ok',
      json: { roleAliases: inOrder(aliases.keys()) },
    })),
}
