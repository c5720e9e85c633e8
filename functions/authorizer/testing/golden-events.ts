/** What stands for a PEM where a fake reads it. */
export const PEM = 'canary-pem'
export const HOST = 'devices.example.com'
export const HTTP_ARN =
  'arn:aws:execute-api:us-east-1:123456789012:api1/$default/GET/readings/cam-1'
export const REST_ARN = 'arn:aws:execute-api:us-east-1:123456789012:api1/prod/GET/readings/cam-1'

const clientCert = {
  clientCertPem: PEM,
  subjectDN: 'CN=cam-1',
  issuerDN: 'CN=Acme Devices',
  serialNumber: '1f',
  validity: { notBefore: 'Jan  1 00:00:00 2026 GMT', notAfter: 'Jan  1 00:00:00 2027 GMT' },
}

/**
 * An HTTP API's REQUEST authorizer event, payload 2.0, with no identity source.
 * Source: AWS API Gateway developer guide, "Control access to HTTP APIs with AWS Lambda authorizers".
 */
export const httpEvent = {
  version: '2.0',
  type: 'REQUEST',
  routeArn: HTTP_ARN,
  identitySource: [],
  routeKey: 'GET /readings/{thing}',
  rawPath: '/readings/cam-1',
  rawQueryString: 'since=1',
  cookies: [],
  headers: { host: HOST, 'X-Amzn-Iot-ThingName': 'cam-1', accept: '*/*' },
  queryStringParameters: { since: '1' },
  requestContext: {
    accountId: '123456789012',
    apiId: 'api1',
    authentication: { clientCert },
    domainName: HOST,
    domainPrefix: 'devices',
    http: {
      method: 'GET',
      path: '/readings/cam-1',
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.7',
      userAgent: 'curl',
    },
    requestId: 'request-1',
    routeKey: 'GET /readings/{thing}',
    stage: '$default',
    time: '01/Jun/2026:12:00:00 +0000',
    timeEpoch: 1780315200000,
  },
  pathParameters: { thing: 'cam-1' },
  stageVariables: {},
}

/**
 * A REST API's REQUEST authorizer event.
 * Source: AWS API Gateway developer guide, "Input to an API Gateway Lambda authorizer".
 */
export const restEvent = {
  type: 'REQUEST',
  methodArn: REST_ARN,
  resource: '/readings/{thing}',
  path: '/readings/cam-1',
  httpMethod: 'GET',
  headers: { Host: HOST, 'X-Amzn-Iot-ThingName': 'cam-1', Accept: '*/*' },
  multiValueHeaders: { Host: [HOST], 'X-Amzn-Iot-ThingName': ['cam-1'], Accept: ['*/*'] },
  queryStringParameters: { since: '1' },
  multiValueQueryStringParameters: { since: ['1'] },
  pathParameters: { thing: 'cam-1' },
  stageVariables: {},
  requestContext: {
    resourceId: 'abc123',
    resourcePath: '/readings/{thing}',
    httpMethod: 'GET',
    requestTime: '01/Jun/2026:12:00:00 +0000',
    path: '/readings/cam-1',
    accountId: '123456789012',
    protocol: 'HTTP/1.1',
    stage: 'prod',
    domainPrefix: 'devices',
    requestTimeEpoch: 1780315200000,
    requestId: 'request-1',
    identity: { sourceIp: '192.0.2.7', userAgent: 'curl', clientCert },
    domainName: HOST,
    apiId: 'api1',
  },
}
