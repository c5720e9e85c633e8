import { expect } from 'vitest'
import type { Properties } from './properties.ts'
import { ofType, only } from './statements.ts'

/** What holds of the way that devices come in. */
export const DEVICE_PROPERTIES: Properties = {
  'devices are asked for a certificate by a named version of the truststore (T01, T02)': (
    state,
  ) => {
    const domains = ofType(state, 'aws:apigatewayv2/domainName:DomainName')
    expect(domains).toHaveLength(1)
    for (const { inputs } of domains) {
      const { truststoreUri, truststoreVersion } = inputs.mutualTlsAuthentication ?? {}
      expect(truststoreUri).toMatch(/^s3:\/\/thingpass-[a-z]+-truststore-\w+\/truststore\.pem$/)
      expect(truststoreVersion).toBe('version-of-TruststorePem')
    }
    expect(ofType(state, 'aws:apigateway/domainName:DomainName')).toEqual([])
  },
  'the host that asks for no certificate is closed (T01)': (state) => {
    const { inputs } = only(state, 'aws:apigatewayv2/api:Api')
    expect(inputs.disableExecuteApiEndpoint).toBe(true)
  },
  'the device domain is regional and speaks TLS 1.2 or newer': (state) => {
    const { inputs } = only(state, 'aws:apigatewayv2/domainName:DomainName')
    expect(inputs.domainNameConfiguration).toMatchObject({
      endpointType: 'REGIONAL',
      securityPolicy: 'TLS_1_2',
    })
  },
  'the device domain has the shape that clients parse, and is what the function answers for': (
    state,
  ) => {
    const { inputs } = only(state, 'aws:apigatewayv2/domainName:DomainName')
    expect(inputs.domainName).toMatch(
      /^[a-z0-9-]+\.credentials\.iot\.[a-z]+-[a-z]+-\d\.example\.com$/,
    )
    const mapping = only(state, 'aws:apigatewayv2/apiMapping:ApiMapping').inputs
    expect(mapping.domainName).toBe('DeviceApiDomainName-id')
    const { environment } = only(
      state,
      'aws:lambda/function:Function',
      'CredentialsFunction',
    ).inputs
    expect(environment.variables.THINGPASS_HOST_NAMES).toBe(inputs.domainName)
  },
  'the publisher alone changes the version that the domain uses': (state) => {
    const { ignoreChanges } = only(state, 'aws:apigatewayv2/domainName:DomainName')
    expect(ignoreChanges).toEqual(['mutualTlsAuthentication.truststoreVersion'])
  },
  'no other origin is answered': (state) => {
    const { inputs } = only(state, 'aws:apigatewayv2/api:Api')
    expect(inputs.corsConfiguration ?? {}).toEqual({})
    const methods = ofType(state, 'aws:apigateway/method:Method').map(
      ({ inputs }) => inputs.httpMethod,
    )
    expect(methods).not.toContain('OPTIONS')
  },
  'devices together are throttled': (state) => {
    const { defaultRouteSettings } = only(state, 'aws:apigatewayv2/stage:Stage').inputs
    expect(defaultRouteSettings.throttlingRateLimit).toBeGreaterThan(0)
    expect(defaultRouteSettings.throttlingBurstLimit).toBeGreaterThan(0)
    expect(defaultRouteSettings.throttlingRateLimit).toBeLessThanOrEqual(1000)
  },
  'the access log says whose certificate it was and what an authorizer failed of, for one month': (
    state,
  ) => {
    const { accessLogSettings } = only(state, 'aws:apigatewayv2/stage:Stage').inputs
    const fields = Object.values(JSON.parse(accessLogSettings.format))
    expect(fields).toContain('$context.identity.clientCert.subjectDN')
    expect(fields).toContain('$context.authorizer.error')
    expect(accessLogSettings.format).not.toContain('clientCertPem')
    const group = only(state, 'aws:cloudwatch/logGroup:LogGroup', 'DeviceApiAccessLog')
    expect(accessLogSettings.destinationArn).toContain(group.inputs.name)
    expect(group.inputs.retentionInDays).toBe(30)
  },
  'every call of the control plane is authorized by IAM': (state) => {
    const methods = ofType(state, 'aws:apigateway/method:Method')
    expect(methods).toHaveLength(2)
    for (const { inputs } of methods) {
      expect(inputs).toMatchObject({ httpMethod: 'ANY', authorization: 'AWS_IAM' })
    }
  },
  'the control plane is regional and hands over paths of any depth as they were sent': (state) => {
    const api = only(state, 'aws:apigateway/restApi:RestApi')
    expect(api.inputs.endpointConfiguration).toEqual({ types: 'REGIONAL' })
    expect(only(state, 'aws:apigateway/resource:Resource').inputs.pathPart).toBe('{proxy+}')
    for (const { inputs } of ofType(state, 'aws:apigateway/integration:Integration')) {
      expect(inputs.type).toBe('AWS_PROXY')
      expect(inputs.uri).toMatch(/:function:thingpass-[a-z]+-control:1\/invocations$/)
    }
  },
  'the control plane is throttled, logs who called for one month, and logs no body': (state) => {
    const { settings } = only(state, 'aws:apigateway/methodSettings:MethodSettings').inputs
    expect(settings.throttlingRateLimit).toBeGreaterThan(0)
    expect(settings.throttlingBurstLimit).toBeGreaterThan(0)
    expect(settings).toMatchObject({ loggingLevel: 'OFF', dataTraceEnabled: false })
    const { format } = only(state, 'aws:apigateway/stage:Stage').inputs.accessLogSettings
    expect(format).toContain('$context.identity.userArn')
    const group = only(state, 'aws:cloudwatch/logGroup:LogGroup', 'ControlApiAccessLog')
    expect(group.inputs.retentionInDays).toBe(30)
  },
}
