import type { Received } from './faulty-service.ts'
import { type CallShape, type Reply, SAID, type Wire } from './wire.ts'

const target = (text: string) => (text.startsWith('/v2/') ? 'domain' : 'object')

const s3 = (wrongType: string): CallShape => ({
  headers: { 'content-type': 'application/xml' },
  error: { status: 500, body: s3Error('InternalError') },
  throttle: { status: 503, body: s3Error('SlowDown') },
  malformed: '<Error><Code>',
  wrongType,
})
const s3Error = (code: string) => `<Error><Code>${code}</Code><Message>${SAID}</Message></Error>`

const apiGateway: CallShape = {
  headers: { 'content-type': 'application/json' },
  error: { status: 500, body: JSON.stringify({ __type: 'InternalFailure', message: SAID }) },
  throttle: {
    status: 429,
    body: JSON.stringify({ __type: 'TooManyRequestsException', message: SAID }),
  },
  malformed: '{"mutualTlsAuthentication":',
  wrongType: JSON.stringify({ mutualTlsAuthentication: 'none' }),
}

export type TruststoreCall = 'GetObject' | 'PutObject' | 'GetDomainName' | 'UpdateDomainName'
const CALLS: Readonly<Record<string, TruststoreCall>> = {
  'GET object': 'GetObject',
  'PUT object': 'PutObject',
  'GET domain': 'GetDomainName',
  'PATCH domain': 'UpdateDomainName',
}

/** S3 and API Gateway in one: their paths tell them apart. */
export const TRUSTSTORE: Wire<TruststoreCall> = {
  callOf: ({ method, path }) => CALLS[`${method} ${target(path)}`] ?? 'GetObject',
  calls: {
    GetObject: s3('{"an":"object of another kind"}'),
    PutObject: s3('{"an":"answer of another kind"}'),
    GetDomainName: apiGateway,
    UpdateDomainName: apiGateway,
  },
}

/** A bucket with versions, and a domain that uses one of them. */
export function createTruststoreStandIn(writtenAt: Date) {
  const state = { pem: 'the last good one\n', version: 1, used: 'v1' }
  const headers = () => ({
    etag: `"tag-${state.version}"`,
    'x-amz-version-id': `v${state.version}`,
    'last-modified': writtenAt.toUTCString(),
    'content-type': 'application/x-pem-file',
  })
  const domain = () =>
    JSON.stringify({
      mutualTlsAuthentication: { truststoreUri: 's3://b/k', truststoreVersion: state.used },
    })
  const json = { 'content-type': 'application/json' }
  const answers: Readonly<Record<TruststoreCall, (received: Received) => Reply>> = {
    GetObject: ({ path }) => ({
      status: 200,
      headers: headers(),
      body: path.includes('seed') ? SEED : state.pem,
    }),
    PutObject: ({ body }) => {
      state.version++
      state.pem = body.toString()
      return { status: 200, headers: headers(), body: '' }
    },
    GetDomainName: () => ({ status: 200, headers: json, body: domain() }),
    UpdateDomainName: ({ body }) => {
      state.used = JSON.parse(body.toString()).mutualTlsAuthentication.truststoreVersion
      return { status: 200, headers: json, body: domain() }
    },
  }
  return {
    state,
    answer: (received: Received, call: string) => answers[call as TruststoreCall](received),
  }
}

const SEED = '-----BEGIN CERTIFICATE-----\nc2VlZA==\n-----END CERTIFICATE-----\n'
