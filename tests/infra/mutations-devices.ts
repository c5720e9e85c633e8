import type { Mistakes } from './mutations.ts'

/** Mistakes about the way that devices and operators come in. */
export const DEVICES_MISTAKES: Mistakes = {
  'mutual TLS is dropped': {
    file: 'infra/device-api.ts',
    from: 'args.mutualTlsAuthentication = { truststoreUri, truststoreVersion: seedVersion }',
    to: '',
    breaks: 'devices are asked for a certificate',
  },
  'the truststore has no version': {
    file: 'infra/device-api.ts',
    from: 'truststoreVersion: seedVersion }',
    to: '}',
    breaks: 'devices are asked for a certificate',
  },
  'the execute-api endpoint is enabled': {
    file: 'infra/device-api.ts',
    from: 'args.disableExecuteApiEndpoint = true',
    to: 'args.disableExecuteApiEndpoint = false',
    breaks: 'the host that asks for no certificate is closed',
  },
  'a second domain without mutual TLS': {
    file: 'infra/control-api.ts',
    from: 'controlApi.deploy()',
    to: "controlApi.deploy()\nnew aws.apigatewayv2.DomainName('Second', { domainName: 'second.example.com', domainNameConfiguration: { certificateArn: 'arn', endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' } })",
    breaks: 'devices are asked for a certificate',
  },
  'an old TLS version': {
    file: 'infra/device-api.ts',
    from: "options.ignoreChanges = ['mutualTlsAuthentication.truststoreVersion']",
    to: "options.ignoreChanges = ['mutualTlsAuthentication.truststoreVersion']\n      args.domainNameConfiguration = { certificateArn: 'arn', endpointType: 'REGIONAL', securityPolicy: 'TLS_1_0' }",
    breaks: 'the device domain is regional and speaks TLS 1.2',
  },
  'the deployment sets the version that the publisher has set': {
    file: 'infra/device-api.ts',
    from: "options.ignoreChanges = ['mutualTlsAuthentication.truststoreVersion']",
    to: 'options.ignoreChanges = []',
    breaks: 'the publisher alone changes the version',
  },
  'the deployment ignores whether there is mutual TLS at all': {
    file: 'infra/device-api.ts',
    from: "options.ignoreChanges = ['mutualTlsAuthentication.truststoreVersion']",
    to: "options.ignoreChanges = ['mutualTlsAuthentication']",
    breaks: 'the publisher alone changes the version',
  },
  'the function answers for another host than the domain': {
    file: 'infra/credentials.ts',
    from: 'deviceFunctionEnvironment(deviceHostName)',
    to: "deviceFunctionEnvironment('other.example.com')",
    breaks: 'the device domain has the shape',
  },
  'other origins are answered': {
    file: 'infra/device-api.ts',
    from: 'cors: false,',
    to: '',
    breaks: 'no other origin is answered',
  },
  'devices are not throttled': {
    file: 'infra/device-api.ts',
    from: 'throttlingRateLimit: deviceThrottle.perSecond,',
    to: '',
    breaks: 'devices together are throttled',
  },
  'the access log names no certificate': {
    file: 'infra/device-api.ts',
    from: "certificateSubject: '$context.identity.clientCert.subjectDN',",
    to: '',
    breaks: 'the access log says whose certificate',
  },
  'the access log is kept for ever': {
    file: 'infra/device-api.ts',
    from: "accessLog: { retention: '1 month' }",
    to: "accessLog: { retention: 'forever' }",
    breaks: 'the access log says whose certificate',
  },
  'the control plane is open to everybody': {
    file: 'infra/control-api.ts',
    from: ', { auth: { iam: true } }',
    to: '',
    breaks: 'every call of the control plane is authorized',
  },
  'the control plane is at the edge': {
    file: 'infra/control-api.ts',
    from: "endpoint: { type: 'regional' },",
    to: '',
    breaks: 'the control plane is regional',
  },
  'the control plane logs bodies': {
    file: 'infra/control-api.ts',
    from: 'dataTraceEnabled: false',
    to: 'dataTraceEnabled: true',
    breaks: 'the control plane is throttled, logs who called',
  },
  'the access log of the control plane is kept for ever': {
    file: 'infra/control-api.ts',
    from: "accessLog: { retention: '1 month' }",
    to: "accessLog: { retention: 'forever' }",
    breaks: 'the control plane is throttled, logs who called',
  },
  'operators are not throttled': {
    file: 'infra/control-api.ts',
    from: 'throttlingRateLimit: controlThrottle.perSecond,',
    to: '',
    breaks: 'the control plane is throttled, logs who called',
  },
  'the access log tells nothing of authorizers': {
    file: 'infra/device-api.ts',
    from: "authorizerError: '$context.authorizer.error',",
    to: '',
    breaks: 'the access log says whose certificate',
  },
}
