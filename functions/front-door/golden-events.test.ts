import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CERTIFICATE_HEADER, DOORS } from './testing/door-stage.ts'
import { mergePatch } from './testing/merge-patch.ts'

type Golden = {
  readonly source: string
  readonly event: object
  readonly rows: readonly {
    readonly name: string
    readonly patch: object
    readonly expected: { readonly status: number; readonly audit: object }
  }[]
}

const FOLDER = new URL('testing/golden-events/', import.meta.url)
const goldenOf = (door: string): Golden =>
  JSON.parse(readFileSync(new URL(`${door}.json`, FOLDER), 'utf8'))
const send = (door: string, event: unknown) => DOORS[door]!(event as object)

test('every door has golden events, and every file a door', () => {
  const files = readdirSync(FOLDER).map((file) => file.replace('.json', ''))
  expect(files.toSorted()).toEqual(Object.keys(DOORS).toSorted())
})

describe.each(Object.keys(DOORS))('%s', (door) => {
  const { event, rows } = goldenOf(door)

  test.each(rows)('$name', async ({ patch, expected }) => {
    const { status, audit } = await send(door, mergePatch(event, patch))
    expect({ status, audit }).toMatchObject(expected)
  })

  test('T39: no answer carries a certificate', async () => {
    for (const { patch } of rows) {
      const passage = await send(door, mergePatch(event, patch))
      expect(JSON.stringify(passage)).not.toMatch(/CERTIFICATE|Q2FuYXJ5/)
    }
  })
})

/** Headers that some server somewhere takes identity, address, method or path from. */
const CLAIMS = [
  'x-amzn-mtls-clientcert',
  'x-amzn-mtls-clientcert-leaf',
  'x-amzn-mtls-clientcert-subject',
  'x-amzn-mtls-clientcert-serial-number',
  'x-tls-client-cert',
  'x-client-cert',
  'x-ssl-cert',
  'ssl-client-cert',
  'x-forwarded-client-cert',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-original-url',
  'x-http-method-override',
  'x-amzn-trace-id',
  'x-amzn-requestid',
  'authorization',
  'host',
]
const others = fc
  .oneof(fc.constantFrom(...CLAIMS, ...CLAIMS.map((name) => name.toUpperCase())), fc.string())
  .filter((name) => name.toLowerCase() !== 'x-amzn-iot-thingname')
const claims = fc.oneof(
  fc.constant('-----BEGIN%20CERTIFICATE-----%0AT3RoZXI%3D%0A-----END%20CERTIFICATE-----%0A'),
  fc.string(),
)

describe.each(['http-api', 'http-authorizer', 'rest-authorizer'])(
  'T03: behind API Gateway (%s) no header but that of the thing',
  (door) => {
    const { event } = goldenOf(door)
    const withHeaders = (target: object, added: Record<string, string>) => {
      const { headers, multiValueHeaders = {} } = target as {
        headers: object
        multiValueHeaders?: object
      }
      const lists = Object.entries(added).map(([name, value]) => [name, [value]])
      return {
        ...target,
        headers: { ...headers, ...added },
        multiValueHeaders: { ...multiValueHeaders, ...Object.fromEntries(lists) },
      }
    }

    test('changes identity or answer', async () => {
      const expected = await send(door, event)
      expect(expected.status).toBe(200)
      await fc.assert(
        fc.asyncProperty(fc.dictionary(others, claims), async (added) => {
          expect(await send(door, withHeaders(event, added))).toEqual(expected)
        }),
      )
    })

    test('makes up for a certificate that was not presented', async () => {
      const without = mergePatch(event, {
        requestContext: { authentication: null, identity: { clientCert: null } },
      }) as object
      await fc.assert(
        fc.asyncProperty(fc.dictionary(others, claims), async (added) => {
          const { status, audit } = await send(door, withHeaders(without, added))
          expect([status, audit?.reason]).toEqual([403, 'certificate-missing'])
        }),
      )
    })
  },
)

test.each([
  ['http-api', (clientCert: object) => ({ authentication: { clientCert } })],
  ['http-authorizer', (clientCert: object) => ({ authentication: { clientCert } })],
  ['rest-authorizer', (clientCert: object) => ({ identity: { clientCert } })],
])('T04: %s reads none of the strings beside the PEM', async (door, contextOf) => {
  const { event } = goldenOf(door)
  const expected = await send(door, event)
  const strings = fc.record({
    subjectDN: fc.string(),
    issuerDN: fc.string(),
    serialNumber: fc.string(),
    validity: fc.record({ notBefore: fc.string(), notAfter: fc.string() }),
  })
  await fc.assert(
    fc.asyncProperty(strings, async (lies) => {
      expect(await send(door, mergePatch(event, { requestContext: contextOf(lies) }))).toEqual(
        expected,
      )
    }),
  )
})

test('T03: behind the load balancer anything but exactly one certificate header is refused', async () => {
  const { event } = goldenOf('load-balancer')
  const { multiValueHeaders } = event as { multiValueHeaders: Record<string, string[]> }
  const { [CERTIFICATE_HEADER]: [own = ''] = [], ...kept } = multiValueHeaders
  const spelling = fc.constantFrom(CERTIFICATE_HEADER, CERTIFICATE_HEADER.toUpperCase())
  const value = fc.oneof(fc.constant(own), claims)
  const copies = fc.dictionary(spelling, fc.array(value, { maxLength: 3 }))
  await fc.assert(
    fc.asyncProperty(copies, async (headers) => {
      const values = Object.values(headers).flat()
      const { status } = await send('load-balancer', {
        ...event,
        multiValueHeaders: { ...kept, ...headers },
      })
      expect(status).toBe(values.length === 1 && values[0] === own ? 200 : 403)
    }),
  )
})

describe('T03: behind the load balancer no header of a known name', () => {
  const { event } = goldenOf('load-balancer')
  const { multiValueHeaders } = event as { multiValueHeaders: Record<string, string[]> }
  // Host and source address are the load balancer's word: it writes them over.
  const known = CLAIMS.filter((name) => !['host', 'x-forwarded-for'].includes(name))
  const name = fc.constantFrom(...known, ...known.map((each) => each.toUpperCase()))
  const { [CERTIFICATE_HEADER]: own = [], ...without } = multiValueHeaders
  const value = fc.oneof(fc.constantFrom(...own), claims)
  const sent = fc.dictionary(name, fc.array(value, { maxLength: 3 }))

  test('changes identity or answer', async () => {
    const expected = await send('load-balancer', event)
    expect(expected.status).toBe(200)
    await fc.assert(
      fc.asyncProperty(sent, async (added) => {
        const headers = { ...multiValueHeaders, ...added }
        const passage = await send('load-balancer', { ...event, multiValueHeaders: headers })
        expect(passage).toEqual(expected)
      }),
    )
  })

  test('makes up for a certificate that was not presented', async () => {
    await fc.assert(
      fc.asyncProperty(sent, async (added) => {
        const headers = { ...without, ...added }
        const passage = await send('load-balancer', { ...event, multiValueHeaders: headers })
        expect([passage.status, passage.audit?.reason]).toEqual([403, 'certificate-missing'])
      }),
    )
  })
})
