import { Fault } from '@thingpass/core/fault'
import {
  ALIAS,
  ALLOW,
  CERTIFICATE_ID,
  certificate,
  policy,
} from '@thingpass/core/testing/decision-example'
import { expect, test } from 'vitest'
import type { AuthorizerPorts } from './authorizer.ts'
import { registry, stagePorts } from './testing/authorizer-stage.ts'
import { httpEvent } from './testing/golden-events.ts'
import { createWhoamiHandler } from './whoami.ts'

const told = { tenantId: 'acme', certificateId: CERTIFICATE_ID, thingName: 'cam-1' }
const eventOf = (roleAlias?: string, lambda: Readonly<Record<string, unknown>> | null = told) => ({
  ...httpEvent,
  queryStringParameters: roleAlias === undefined ? undefined : { roleAlias },
  requestContext: { ...httpEvent.requestContext, authorizer: { lambda } },
})

const allowing = { ...registry, policies: [policy(ALLOW)], alias: undefined as never }

function stage(changed: Partial<AuthorizerPorts> = {}, known = allowing) {
  const { ports, seen } = stagePorts(changed, known)
  const handler = createWhoamiHandler(ports)
  const ask = async (event: object) => {
    const { statusCode, body = '' } = await handler(event)
    return [statusCode, JSON.parse(body)]
  }
  return { ask, seen, handler }
}

test('a device learns who it is, from the authorizer, and nothing is read', async () => {
  const { ask, seen } = stage()
  expect(await ask(eventOf())).toEqual([200, told])
  expect(seen.queries).toEqual([])
})

test.each([
  ['may assume, whether it exists or not', ALIAS, allowing, true],
  ['may not assume', ALIAS, { ...allowing, policies: [] }, false],
  ['that is no name', 'a b', allowing, false],
])('and with an alias that it %s, just that', async (_, alias, known, mayAssume) => {
  const { ask } = stage({}, known)
  expect(await ask(eventOf(alias))).toEqual([200, { ...told, roleAlias: alias, mayAssume }])
})

test.each([
  ['no authorizer', { ...httpEvent }],
  ['an authorizer that told nothing', eventOf(ALIAS, null)],
  ['an authorizer that told no certificate', eventOf(ALIAS, { tenantId: 'acme' })],
  ['a certificate that is no text', eventOf(ALIAS, { certificateId: 7 })],
])('with %s in front nobody learns anything', async (_, event) => {
  expect(await stage().ask(event)).toEqual([403, { message: 'Forbidden' }])
})

test('texts alone are handed on', async () => {
  const [, body] = await stage().ask(eventOf(undefined, { ...told, other: 7 }))
  expect(body).toEqual(told)
})

test.each([
  ['another certificate than the authorizer saw', eventOf(ALIAS, { ...told, certificateId: 'c2' })],
  [
    'no certificate',
    {
      ...eventOf(ALIAS),
      requestContext: { ...eventOf(ALIAS).requestContext, authentication: undefined },
    },
  ],
])('with %s nothing may be assumed', async (_, event) => {
  const [, body] = await stage().ask(event)
  expect(body).toMatchObject({ mayAssume: false })
})

test('a certificate that its CA did not sign may assume nothing', async () => {
  const device = { facts: certificate, isSignedBy: () => false }
  const { ask } = stage({ identifyCertificate: () => ({ ok: true, certificate: device }) })
  expect(await ask(eventOf(ALIAS))).toMatchObject([200, { mayAssume: false }])
})

test('a failure of ours is reported and says nothing', async () => {
  const readFacts = () => Promise.reject(new Fault('REGISTRY_THROTTLED', 'busy'))
  const { ask, seen } = stage({ readFacts })
  expect(await ask(eventOf(ALIAS))).toEqual([500, { message: 'Internal Server Error' }])
  expect(seen.faults).toEqual(['REGISTRY_THROTTLED'])
})

test('no answer is kept by anybody', async () => {
  const { handler } = stage()
  expect((await handler(eventOf())).headers).toMatchObject({ 'cache-control': 'no-store' })
})
