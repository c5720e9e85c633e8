import { readFile } from 'node:fs/promises'
import type { RegistryFacts } from '@thingpass/core/facts'
import { parseCertificateId, parseThingName } from '@thingpass/core/names'
import { certificate, facts, NOON, policy } from '@thingpass/core/testing/decision-example'
import { describe, expect, test } from 'vitest'
import { AUTHORIZER_FORMATS, createAuthorizerHandler } from './authorizer.ts'
import { OWN_READINGS, registry, stagePorts } from './testing/authorizer-stage.ts'
import { type CachedRequest, type CacheSettings, simulateGateway } from './testing/gateway-cache.ts'

const PEM = '$context.identity.clientCert.clientCertPem'
const SUBJECT = '$context.identity.clientCert.subjectDN'
const THING = '$request.header.x-amzn-iot-thingname'
const ROUTE = '$context.routeKey'
const PATH = '$context.path'
const TTL_SECONDS = 300

const OFF: CacheSettings = { identitySources: [], ttlSeconds: 0 }
const on = (...identitySources: string[]) => ({ identitySources, ttlSeconds: TTL_SECONDS })
const DOCUMENTED = on(PEM, THING, ROUTE, PATH)

const DEVICES = { 'pem-a': 'a1', 'pem-b': 'b2' } as const
const idOf = (pem: keyof typeof DEVICES) => parseCertificateId(DEVICES[pem].repeat(32))!

/** Two devices of one tenant with equal subjects. Both are attached to cam-1 or cam-2 as `things` says, and may read their own only. */
const things = new Map<string, readonly string[]>([
  [idOf('pem-a'), ['cam-1']],
  [idOf('pem-b'), ['cam-2']],
])

function factsOf(
  id: string,
  thing: string | undefined,
  status: 'ACTIVE' | 'INACTIVE',
): RegistryFacts {
  const certificateId = parseCertificateId(id)!
  const thingName = parseThingName(thing)
  return {
    ...registry,
    certificate: { ...facts.certificate, certificateId, status },
    ...(thingName && {
      thing: {
        attached: things.get(id)?.includes(thingName) === true,
        record: { ...facts.thing.record, thingName },
      },
    }),
    policies: [policy(OWN_READINGS)],
  }
}

function simulate(settings: CacheSettings, format: 'http-simple' | 'http-iam') {
  const world = { now: NOON, inactive: new Set<string>() }
  const { ports } = stagePorts({
    clock: () => world.now,
    identifyCertificate: (presented) => {
      const certificateId = idOf(presented as keyof typeof DEVICES)
      const device = { facts: { ...certificate, certificateId }, isSignedBy: () => true }
      return { ok: true, certificate: device }
    },
    readFacts: async ({ certificateId, thingName }) => ({
      facts: factsOf(
        certificateId,
        thingName,
        world.inactive.has(certificateId) ? 'INACTIVE' : 'ACTIVE',
      ),
      cost: { rounds: 1, calls: 1, capacityUnits: 1 },
    }),
  })
  const handler = createAuthorizerHandler<never, unknown>(ports, AUTHORIZER_FORMATS[format])
  const ask = simulateGateway(
    settings,
    (event) => handler(event as never),
    () => world.now,
  )
  return { ask, world }
}

/** What the first device may do. */
const own: CachedRequest = {
  clientCertPem: 'pem-a',
  subjectDN: 'CN=same',
  thing: 'cam-1',
  method: 'GET',
  path: '/readings/cam-1',
  routeKey: 'GET /readings/{thing}',
}

/** What nobody may do, each right after the first device has done what it may. */
const attacks: Record<string, Partial<CachedRequest>> = {
  'another device, as the first': { clientCertPem: 'pem-b' },
  'no certificate': { clientCertPem: undefined },
  'another thing name': { thing: 'cam-2' },
  'no thing name': { thing: undefined },
  'another route': { method: 'DELETE', routeKey: 'DELETE /readings/{thing}' },
  'another path of the route': { path: '/readings/cam-2' },
}

async function leaksOf(settings: CacheSettings, format: 'http-simple' | 'http-iam') {
  const leaks: string[] = []
  for (const [attack, changed] of Object.entries(attacks)) {
    const { ask } = simulate(settings, format)
    expect(await ask(own)).toBe(200)
    if ((await ask({ ...own, ...changed })) === 200) leaks.push(attack)
  }
  return leaks
}

const everything = Object.keys(attacks)
const sameRoute = ['another route', 'another path of the route']
const differing = (...kept: string[]) => everything.filter((attack) => kept.includes(attack))

describe('T25: simple answers', () => {
  test.each<[string, CacheSettings, string[]]>([
    ['without cache, which is the default', OFF, []],
    ['with the documented key', DOCUMENTED, []],
    [
      'with certificate, thing and route, but not the path',
      on(PEM, THING, ROUTE),
      ['another path of the route'],
    ],
    ['with certificate and thing', on(PEM, THING), sameRoute],
    ['with the certificate alone', on(PEM), ['another thing name', 'no thing name', ...sameRoute]],
    [
      'with the subject for the certificate',
      on(SUBJECT, THING, ROUTE, PATH),
      ['another device, as the first', 'no certificate'],
    ],
    [
      'with headers only',
      on(THING),
      ['another device, as the first', 'no certificate', ...sameRoute],
    ],
    [
      'with headers and route only',
      on(THING, ROUTE, PATH),
      ['another device, as the first', 'no certificate'],
    ],
    ['with no key at all', on(), everything],
  ])('%s', async (_, settings, leaks) => {
    expect(await leaksOf(settings, 'http-simple')).toEqual(differing(...leaks))
  })
})

describe('T26: policy answers name one ARN, so that no other route or path rides on them; others do', () => {
  test.each<[string, CacheSettings, string[]]>([
    ['without cache, which is the default', OFF, []],
    ['with the documented key', DOCUMENTED, []],
    ['with certificate, thing and route', on(PEM, THING, ROUTE), []],
    ['with certificate and thing', on(PEM, THING), []],
    ['with headers only', on(THING), ['another device, as the first', 'no certificate']],
    [
      'with no key at all',
      on(),
      ['another device, as the first', 'no certificate', 'another thing name', 'no thing name'],
    ],
  ])('%s', async (_, settings, leaks) => {
    expect(await leaksOf(settings, 'http-iam')).toEqual(differing(...leaks))
  })
})

describe.each(['http-simple', 'http-iam'] as const)(
  'T27: a deactivated certificate, %s',
  (format) => {
    const statusAfter = async (settings: CacheSettings, seconds: number) => {
      const { ask, world } = simulate(settings, format)
      expect(await ask(own)).toBe(200)
      world.inactive.add(idOf('pem-a'))
      world.now = new Date(NOON.getTime() + seconds * 1000)
      return ask(own)
    }

    test('without cache is refused on the next request', async () => {
      expect(await statusAfter(OFF, 0)).toBe(403)
    })

    test('with a cache is refused once the time to live is over, no later', async () => {
      expect(await statusAfter(DOCUMENTED, TTL_SECONDS - 1)).toBe(200)
      expect(await statusAfter(DOCUMENTED, TTL_SECONDS)).toBe(403)
    })
  },
)

test('with the thing header in the key, a device that sends none is not even asked about', async () => {
  const { ask } = simulate(DOCUMENTED, 'http-simple')
  expect(await ask({ ...own, thing: undefined })).toBe(401)
  expect(await ask({ ...own, clientCertPem: undefined })).toBe(401)
})

test('the documentation names the key that is proved here', async () => {
  const text = await readFile(new URL('../../docs/authorizer.md', import.meta.url), 'utf8')
  const named = /```json\n(\{[^`]*"identitySources"[^`]*\})\n```/g
  const settings = [...text.matchAll(named)].map(([, json = '']) => JSON.parse(json))
  expect(settings).toEqual([
    { identitySources: OFF.identitySources, ttlSeconds: 0 },
    { identitySources: DOCUMENTED.identitySources, ttlSeconds: DOCUMENTED.ttlSeconds },
  ])
})
