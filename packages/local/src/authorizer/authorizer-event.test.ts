import { expect, test } from 'vitest'
import { buildEventV2 } from '../gateway/event-v2.ts'
import { httpAuthorizerEvent, restAuthorizerEvent } from './authorizer-event.ts'

const PLACE = { region: 'eu-central-1', account: '123456789012' }
const rawHeaders = ['Host', 'localhost', 'X-Thing', 'one', 'X-Thing', 'two']
const TARGET = '/readings/cam%2D1?x=1'

const built = buildEventV2(
  {
    ...{ method: 'PUT', target: TARGET, httpVersion: '1.1', rawHeaders },
    ...{ remoteAddress: '127.0.0.1', localPort: 8443, certificate: undefined },
    ...{ requestId: 'r-1', receivedAt: new Date('2030-01-01T00:00:00Z') },
  },
  PLACE.account,
)
const event = { ...built!, routeKey: 'ANY /readings/{thing}', body: 'a secret of the device' }

test('an HTTP API asks with the decoded path, without the body', () => {
  const asked = httpAuthorizerEvent(event, PLACE)
  expect(asked).toMatchObject({
    version: '2.0',
    type: 'REQUEST',
    identitySource: [],
    routeArn: 'arn:aws:execute-api:eu-central-1:123456789012:local/$default/PUT/readings/cam-1',
    routeKey: 'ANY /readings/{thing}',
    rawPath: '/readings/cam-1',
  })
  expect(JSON.stringify(asked)).not.toContain('secret')
})

test('a REST API asks with the path as it was sent, and every value of a header', () => {
  const asked = restAuthorizerEvent(event, { path: '/readings/cam%2D1', rawHeaders }, PLACE)
  expect(asked).toEqual({
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-central-1:123456789012:local/local/PUT/readings/cam%2D1',
    resource: '/readings/{thing}',
    path: '/readings/cam%2D1',
    httpMethod: 'PUT',
    headers: { Host: 'localhost', 'X-Thing': 'two' },
    multiValueHeaders: { Host: ['localhost'], 'X-Thing': ['one', 'two'] },
    requestContext: {
      ...{ accountId: '123456789012', apiId: 'local', stage: 'local', domainName: 'localhost' },
      ...{ requestId: 'r-1', httpMethod: 'PUT', path: '/readings/cam%2D1', protocol: 'HTTP/1.1' },
      identity: { sourceIp: '127.0.0.1', userAgent: '', clientCert: null },
    },
  })
})
