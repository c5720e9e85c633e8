import { DEFAULT_TENANT } from '@thingpass/core/names'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { API_ERROR_STATUS } from './api-error.ts'
import { OPERATIONS } from './operation-table.ts'
import { createRouter } from './route.ts'
import { splitTenantPath } from './tenant-path.ts'

/** Paths that come near to those with a meaning. */
const piece = fc.oneof(
  fc.constantFrom(
    't',
    'T',
    '%74',
    'acme',
    'default',
    '.',
    '..',
    '%2e',
    '%2E.',
    '',
    'thingpass',
    'tenants',
  ),
  fc.constantFrom('role-aliases', 'policies', 'version', 'things', 'a%2Fb', '%ff', '%'),
  fc.string({ maxLength: 5 }),
)
const path = fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join('/')}`)

test('a tenant is named by one plain prefix or by none', () => {
  fc.assert(
    fc.property(path, (sent) => {
      const split = splitTenantPath(sent)
      if (split === undefined) return
      const { tenantId, path: rest } = split
      expect(sent).toBe(tenantId === DEFAULT_TENANT ? rest : `/t/${tenantId}${rest}`)
      if (tenantId === DEFAULT_TENANT) expect(rest).not.toMatch(/^\/t(?:\/|$)/)
      else expect(rest).not.toMatch(/^\/thingpass\/tenants(?:\/|$)/)
      expect(decodeSegments(rest)).not.toContain('..')
    }),
  )
})

function decodeSegments(sent: string): readonly string[] {
  return sent.split('/').map((segment) => {
    try {
      return decodeURIComponent(segment)
    } catch {
      return segment
    }
  })
}

test('every label comes out of a path as it went in', () => {
  const match = createRouter([{ method: 'GET', path: '/a/{one}/b/{two}' }])
  const label = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(label, label, (one, two) => {
      const found = match('GET', `/a/${encodeURIComponent(one)}/b/${encodeURIComponent(two)}`)
      expect(found.kind === 'matched' && Object.fromEntries(found.labels)).toEqual({ one, two })
    }),
  )
})

const json = fc.oneof(
  fc.json(),
  fc
    .dictionary(
      fc.constantFrom(
        'roleArn',
        'policyDocument',
        'attributePayload',
        'tags',
        'authInfos',
        '__proto__',
      ),
      fc.jsonValue(),
    )
    .map((value) => JSON.stringify(value)),
  fc.string(),
)

test('no input whatever makes an operation throw before it runs', () => {
  const operation = fc.constantFrom(...OPERATIONS)
  const text = fc.string({ maxLength: 200 })
  const pairs = fc.array(fc.tuple(fc.constantFrom('pageSize', 'marker', 'newStatus', 'x'), text))
  fc.assert(
    fc.property(operation, text, json, pairs, (row, label, body, query) => {
      const names = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name))
      const prepared = row.prepare({
        request: { body, query, headers: new Map([['x-amzn-principal', [label]]]) },
        labels: new Map(names.map((name) => [name, label])),
      })
      if (prepared.ok) return
      expect(prepared.error.code).toBe('InvalidRequestException')
      expect(prepared.error.message.length).toBeGreaterThan(0)
    }),
  )
})

test('every operation has a name, a route and errors of its own', () => {
  expect(new Set(OPERATIONS.map(({ name }) => name)).size).toBe(OPERATIONS.length)
  for (const { path: route, errors } of OPERATIONS) {
    expect(route).toMatch(/^(?:\/(?:[A-Za-z0-9-]+|\{\w+\}))+$/)
    for (const code of errors) expect(API_ERROR_STATUS).toHaveProperty(code)
  }
  expect(() => createRouter(OPERATIONS)).not.toThrow()
})
