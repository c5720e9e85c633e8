import type { AuthorizerPorts } from '@thingpass/functions/authorizer/authorizer'
import { stagePorts } from '@thingpass/functions/authorizer/testing/authorizer-stage'
import { PEM } from '@thingpass/functions/authorizer/testing/golden-events'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { describe, expect, test } from 'vitest'
import { buildEventV2 } from '../gateway/event-v2.ts'
import { type AuthorizerFormatName, createAskAuthorizer } from './ask-authorizer.ts'

const PLACE = { region: 'us-east-1', account: '123456789012' }
const PATH = '/readings/cam-1'
const rawHeaders = ['Host', 'devices.example.com', 'X-Amzn-Iot-ThingName', 'cam-1']
const FORMATS: readonly AuthorizerFormatName[] = ['http-simple', 'http-iam', 'rest']

/** A request of the device that the fakes know, to an API of theirs. */
function eventOf(path: string): APIGatewayProxyEventV2 {
  const built = buildEventV2(
    {
      ...{ method: 'GET', target: path, httpVersion: '1.1', rawHeaders },
      ...{ remoteAddress: '192.0.2.7', localPort: 443, certificate: undefined },
      ...{ requestId: 'request-1', receivedAt: new Date('2030-01-01T00:00:00Z') },
    },
    PLACE.account,
  )!
  const clientCert = { clientCertPem: PEM } as never
  const requestContext = { ...built.requestContext, apiId: 'api1', authentication: { clientCert } }
  return { ...built, routeKey: 'GET /readings/{thing}', requestContext }
}
const ask = (format: AuthorizerFormatName, path = PATH, changed: Partial<AuthorizerPorts> = {}) =>
  createAskAuthorizer(format, stagePorts(changed).ports, PLACE)(eventOf(path), { path, rawHeaders })

describe.each(FORMATS)('asked as %s', (format) => {
  test('the authorizer lets a device pass, with who it is', async () => {
    expect(await ask(format)).toMatchObject({ passes: true, context: { thingName: 'cam-1' } })
  })

  test('it stops a device that may not', async () => {
    expect(await ask(format, '/readings/cam-2')).toMatchObject({
      passes: false,
      answer: { statusCode: 403 },
    })
  })

  test('nobody passes where it fails', async () => {
    const readFacts = () => Promise.reject(new Error('secret'))
    const words = format === 'rest' ? null : 'Internal Server Error'
    expect(await ask(format, PATH, { readFacts })).toEqual({
      passes: false,
      answer: { statusCode: 500, body: JSON.stringify({ message: words }) },
    })
  })
})
