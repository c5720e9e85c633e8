import type { PolicyDocument } from '@thingpass/core/policy/document'
import type { SessionTemplate } from '@thingpass/core/session/template'
import { describe, expect, test } from 'vitest'
import {
  ALLOW_ALL,
  DENY_ALL,
  describeWorld,
  GROUP,
  OWN_POLICY,
  PARENT,
  SESSION_POLICY,
} from '../../testing/facts-world.ts'
import { documentSha256, type PolicyItem } from './items/policy.ts'
import { createPolicyCache, FRESH_MS, type PolicyCacheLimits } from './policy-cache.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const later = (milliseconds: number) => new Date(NOON.getTime() + milliseconds)
const { tenantId } = describeWorld('acme')
const other = describeWorld('other')

const itemOf = (change: Partial<PolicyItem> = {}): PolicyItem => {
  const document = change.document ?? ALLOW_ALL
  return {
    tenantId,
    policyName: OWN_POLICY,
    generationId: 'generation-1',
    defaultVersionId: '2',
    document,
    documentSha256: documentSha256(document),
    lastVersion: 2,
    versionCount: 1,
    createdAt: NOON,
    modifiedAt: NOON,
    ...change,
  }
}

/** A cache whose parsers say what they were given. */
function createCache(limits?: PolicyCacheLimits) {
  const parsed: string[] = []
  const parse =
    <Document>(kind: string) =>
    (text: string) => {
      parsed.push(kind)
      return { kind, text } as unknown as Document
    }
  const cache = createPolicyCache({
    parsePolicy: parse<PolicyDocument>('policy'),
    parseTemplate: parse<SessionTemplate>('template'),
    ...(limits && { limits }),
  })
  return { ...cache, parsed }
}

describe('a policy', () => {
  test('is given with its identity and its parsed text, when it is kept and when it is found', () => {
    const { iotPolicies } = createCache()
    const expected = {
      policyName: OWN_POLICY,
      versionId: '2',
      generationId: 'generation-1',
      document: { kind: 'policy', text: ALLOW_ALL },
    }
    expect(iotPolicies.keep(itemOf(), NOON)).toEqual(expected)
    expect(iotPolicies.find(itemOf(), NOON)).toEqual(expected)
  })

  // Each row changes one component of the key: one that were left out would give what belongs to another.
  test.each([
    ['another tenant', { tenantId: other.tenantId }],
    ['another name', { policyName: SESSION_POLICY }],
    ['another generation', { generationId: 'generation-2' }],
  ])('T24: is not found for %s', (_, change) => {
    const { iotPolicies } = createCache()
    iotPolicies.keep(itemOf(), NOON)
    expect(iotPolicies.find(itemOf(change), NOON)).toBeUndefined()
  })

  test('is found for less than seven seconds', () => {
    const { iotPolicies } = createCache()
    iotPolicies.keep(itemOf(), NOON)
    expect(FRESH_MS).toBe(7000)
    expect(iotPolicies.find(itemOf(), later(6999))).toBeDefined()
    expect(iotPolicies.find(itemOf(), later(7000))).toBeUndefined()
  })

  test('is not found by a clock that went backwards, or has no time', () => {
    const { iotPolicies } = createCache()
    iotPolicies.keep(itemOf(), NOON)
    expect(iotPolicies.find(itemOf(), later(-1))).toBeUndefined()
    expect(iotPolicies.find(itemOf(), new Date(Number.NaN))).toBeUndefined()
  })

  test('is found anew for seven seconds after it was read again', () => {
    const { iotPolicies } = createCache()
    iotPolicies.keep(itemOf(), NOON)
    iotPolicies.keep(itemOf({ document: DENY_ALL, defaultVersionId: '3' }), later(5000))
    expect(iotPolicies.find(itemOf(), later(11_000))).toMatchObject({
      versionId: '3',
      document: { text: DENY_ALL },
    })
  })

  test('that cannot be parsed is found without a document, and not parsed again', () => {
    let calls = 0
    const parsePolicy = () => {
      calls++
      return undefined
    }
    const { iotPolicies } = createPolicyCache({ parsePolicy })
    expect(iotPolicies.keep(itemOf(), NOON)).toHaveProperty('document', undefined)
    iotPolicies.keep(itemOf(), NOON)
    expect(iotPolicies.find(itemOf(), NOON)).toHaveProperty('document', undefined)
    expect(calls).toBe(1)
  })

  test('is parsed once for each text, whichever tenants and names it has', () => {
    const { iotPolicies, parsed } = createCache()
    iotPolicies.keep(itemOf(), NOON)
    iotPolicies.keep(itemOf({ tenantId: other.tenantId, policyName: SESSION_POLICY }), NOON)
    expect(parsed).toEqual(['policy'])
    iotPolicies.keep(itemOf({ document: DENY_ALL }), NOON)
    expect(parsed).toEqual(['policy', 'policy'])
  })

  test('is parsed as each kind by itself', () => {
    const { iotPolicies, sessionPolicies } = createCache()
    iotPolicies.keep(itemOf(), NOON)
    expect(sessionPolicies.find(itemOf(), NOON)).toBeUndefined()
    expect(sessionPolicies.keep(itemOf(), NOON).document).toMatchObject({ kind: 'template' })
    expect(iotPolicies.find(itemOf(), NOON)?.document).toMatchObject({ kind: 'policy' })
  })

  test('is not found when its text was forgotten', () => {
    const limits = { documentCharacters: ALLOW_ALL.length, pointers: 9, groups: 9 }
    const { iotPolicies } = createCache(limits)
    iotPolicies.keep(itemOf(), NOON)
    expect(iotPolicies.find(itemOf(), NOON)).toBeDefined()
    iotPolicies.keep(itemOf({ policyName: SESSION_POLICY, document: `${ALLOW_ALL} ` }), NOON)
    iotPolicies.keep(itemOf({ policyName: SESSION_POLICY, document: '{}' }), NOON)
    expect(iotPolicies.find(itemOf(), NOON)).toBeUndefined()
  })

  test('is given with its text even when that is too long to be kept', () => {
    const { iotPolicies } = createCache({ documentCharacters: 1, pointers: 9, groups: 9 })
    expect(iotPolicies.keep(itemOf(), NOON).document).toMatchObject({ text: ALLOW_ALL })
    expect(iotPolicies.find(itemOf(), NOON)).toBeUndefined()
  })

  test('is forgotten beyond the bound on pointers', () => {
    const { iotPolicies } = createCache({ documentCharacters: 9999, pointers: 1, groups: 9 })
    iotPolicies.keep(itemOf(), NOON)
    iotPolicies.keep(itemOf({ policyName: SESSION_POLICY }), NOON)
    expect(iotPolicies.find(itemOf(), NOON)).toBeUndefined()
  })

  test('is parsed as IoT policy and as session template unless told otherwise, and not when too large', () => {
    const { iotPolicies, sessionPolicies } = createPolicyCache()
    expect(iotPolicies.keep(itemOf(), NOON).document).toMatchObject({ dialect: 'iot' })
    expect(sessionPolicies.keep(itemOf(), NOON).document).toHaveProperty('statements')
    for (const document of ['{}', `${ALLOW_ALL}${' '.repeat(8192)}`]) {
      const broken = itemOf({ document })
      expect(iotPolicies.keep(broken, NOON).document).toBeUndefined()
      expect(sessionPolicies.keep(broken, NOON).document).toBeUndefined()
    }
  })
})

describe('a group', () => {
  const group = { tenantId, groupName: GROUP, groupId: 'group-1' }
  const state = { live: true, policies: [] }

  test.each([
    ['another tenant', { tenantId: other.tenantId }],
    ['another name', { groupName: PARENT }],
    ['another id', { groupId: 'group-2' }],
  ])('T24: is not found for %s', (_, change) => {
    const { groups } = createCache()
    groups.keep(group, state, NOON)
    expect(groups.find(group, NOON)).toEqual(state)
    expect(groups.find({ ...group, ...change }, NOON)).toBeUndefined()
  })

  test('is found for less than seven seconds', () => {
    const { groups } = createCache()
    groups.keep(group, state, NOON)
    expect(groups.find(group, later(6999))).toEqual(state)
    expect(groups.find(group, later(7000))).toBeUndefined()
    expect(groups.find(group, later(-1))).toBeUndefined()
  })

  test('is forgotten beyond the bound on groups', () => {
    const { groups } = createCache({ documentCharacters: 9, pointers: 9, groups: 1 })
    groups.keep(group, state, NOON)
    groups.keep({ ...group, groupId: 'group-2' }, state, NOON)
    expect(groups.find(group, NOON)).toBeUndefined()
  })
})
