import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { ACKNOWLEDGED } from './load-balancer-setting.ts'
import type { ProgramState } from './program-state.ts'
import type { Properties } from './properties.ts'
import { ofType, only } from './statements.ts'

const BALANCER = 'aws:lb/loadBalancer:LoadBalancer'
const LISTENER = 'aws:lb/listener:Listener'
const RANDOM_BYTES = 'random:index/randomBytes:RandomBytes'
const TARGETS = 'aws:lb/targetGroup:TargetGroup'

const functionOf = (state: ProgramState) =>
  only(state, 'aws:lambda/function:Function', 'CredentialsLoadBalancerFunction')

/** What holds of the second front door, where it is open. */
export const LOAD_BALANCER_PROPERTIES: Properties = {
  'a load balancer says what was acknowledged for it': (state) => {
    expect(only(state, BALANCER).inputs.tags).toEqual({ 'thingpass:acknowledged': ACKNOWLEDGED })
  },
  'it asks for a certificate, over TLS 1.2 or newer, and hands on all that it gets': (state) => {
    const { inputs } = only(state, LISTENER) // the only one: nothing listens without TLS
    expect(inputs).toMatchObject({
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-[23]-/),
      mutualAuthentication: { mode: 'passthrough' },
    })
    expect(inputs.defaultActions).toEqual([
      { type: 'forward', targetGroupArn: expect.stringContaining(':targetgroup/') },
    ])
  },
  'the certificate comes under a name that was drawn, which the listener and its function know and nothing else':
    (state) => {
      const { inputs } = only(state, RANDOM_BYTES, 'CertificateHeader')
      expect(inputs.length).toBeGreaterThanOrEqual(16) // 128 bits
      const drawn = createHash('sha256')
        .update('CertificateHeader')
        .digest('hex')
        .slice(0, 2 * inputs.length)
      const name = only(state, LISTENER).inputs.routingHttpRequestXAmznMtlsClientcertHeaderName
      expect(name).toBe(`X-Cert-${drawn}`)
      expect(name).toMatch(/^[-A-Za-z0-9]{1,40}$/)
      const { variables } = functionOf(state).inputs.environment
      expect(variables.THINGPASS_CERTIFICATE_HEADER).toBe(name)
      const knowing = state.resources.filter(
        ({ custom, inputs: own }) => custom && JSON.stringify(own).includes(drawn),
      )
      expect(knowing.map((each) => each.name)).toEqual([
        'CredentialsLoadBalancerFunction',
        'DeviceBalancerListener',
      ])
      expect(JSON.stringify(state.outputs)).not.toContain(drawn)
    },
  'a header that comes twice reaches the function twice': (state) => {
    expect(only(state, TARGETS).inputs).toMatchObject({
      targetType: 'lambda',
      lambdaMultiValueHeadersEnabled: true,
    })
  },
  'headers that are none are dropped, requests of two readings refused, and the address is the one it saw':
    (state) => {
      expect(only(state, BALANCER).inputs).toMatchObject({
        dropInvalidHeaderFields: true,
        desyncMitigationMode: 'strictest',
        xffHeaderProcessingMode: 'append',
        enableXffClientPort: false,
      })
    },
  'its target is a function of its own, which answers for a host name of its own': (state) => {
    const { inputs } = functionOf(state)
    const attachment = only(state, 'aws:lb/targetGroupAttachment:TargetGroupAttachment')
    expect(attachment.inputs.targetId).toMatch(
      /:function:thingpass-[a-z]+-credentials-load-balancer$/,
    )
    expect(attachment.dependencies).toContain(
      only(state, 'aws:lambda/permission:Permission', 'DeviceBalancerPermission').urn,
    )
    const hosts = inputs.environment.variables.THINGPASS_HOST_NAMES
    const { domainName } = only(state, 'aws:apigatewayv2/domainName:DomainName').inputs
    expect(hosts).toBe(domainName.replace('.', '-lb.'))
    const names = ofType(state, 'aws:route53/record:Record')
      .filter(({ name }) => name.startsWith('DeviceBalancer'))
      .map(({ inputs: record }) => `${record.type} ${record.name}`)
    expect(names).toEqual([`AAAA ${hosts}`, `A ${hosts}`])
    const handlers = state.builds.map(({ handler }) => handler)
    expect(handlers).toContain('functions/credentials/load-balancer.main.handler')
  },
  'devices reach it on one port, and nothing goes out': (state) => {
    const { inputs } = only(state, 'aws:ec2/securityGroup:SecurityGroup')
    expect(inputs.ingress).toEqual([
      { protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: ['0.0.0.0/0'] },
    ])
    expect(inputs.egress).toEqual([])
    expect(only(state, BALANCER).inputs.securityGroups).toEqual(['DeviceBalancerFirewall-id'])
  },
  'it logs requests and connections, in private, for a month, where only it can write': (state) => {
    const { inputs } = only(state, BALANCER)
    const bucket = `thingpass-${state.app.stage}-lb-logs-0`
    expect(inputs.accessLogs).toEqual({ bucket, prefix: 'requests', enabled: true })
    expect(inputs.connectionLogs).toEqual({ bucket, prefix: 'connections', enabled: true })
    expect(
      only(
        state,
        'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
        'LoadBalancerLogsPrivacy',
      ).inputs,
    ).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    })
    const [rule] = only(
      state,
      'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
      'LoadBalancerLogsLifecycle',
    ).inputs.rules
    expect(rule).toMatchObject({ status: 'Enabled', expiration: { days: 30 } })
    const { policy } = only(
      state,
      'aws:s3/bucketPolicy:BucketPolicy',
      'LoadBalancerLogsPolicy',
    ).inputs
    const below = ['requests', 'connections'].map(
      (prefix) => `arn:aws:s3:::${bucket}/${prefix}/AWSLogs/123456789012/*`,
    )
    expect(JSON.parse(policy).Statement).toMatchObject([
      {
        Effect: 'Allow',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: below,
      },
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ])
  },
  'in production it is protected against deletion': (state) => {
    const { enableDeletionProtection } = only(state, BALANCER).inputs
    expect(enableDeletionProtection).toBe(state.app.stage === 'production')
  },
}
