import { withLoadBalancer } from './load-balancer-setting.ts'
import type { Mistakes } from './mutations.ts'

const file = 'infra/load-balancer.ts'

const DRAWN = 'the certificate comes under a name that was drawn'

/** Mistakes about the second front door, each in a program that has it. */
export const LOAD_BALANCER_MISTAKES: Mistakes = {
  'the acknowledgement is not looked at': {
    before: [withLoadBalancer({ acknowledge: 'yes' })],
    file: 'infra/settings.ts',
    from: 'loadBalancer.acknowledge === LOAD_BALANCER_ACKNOWLEDGEMENT',
    to: 'true',
    breaks: 'a load balancer says what was acknowledged',
  },
  'the load balancer verifies certificates itself, and hands on parts of them': {
    file,
    from: "mutualAuthentication: { mode: 'passthrough' }",
    to: "mutualAuthentication: { mode: 'verify', trustStoreArn: 'arn' }",
    breaks: 'it asks for a certificate',
  },
  'the load balancer asks for no certificate': {
    file,
    from: "mutualAuthentication: { mode: 'passthrough' }",
    to: "mutualAuthentication: { mode: 'off' }",
    breaks: 'it asks for a certificate',
  },
  'the load balancer speaks old TLS': {
    file,
    from: "sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',",
    to: "sslPolicy: 'ELBSecurityPolicy-2016-08',",
    breaks: 'it asks for a certificate',
  },
  'the load balancer listens without TLS, too': {
    file,
    from: '  sst.aws\n',
    to: "  new aws.lb.Listener('Plain', { loadBalancerArn: balancer.arn, port: 80, protocol: 'HTTP', defaultActions: [{ type: 'forward', targetGroupArn: targets.arn }] })\n  sst.aws\n",
    breaks: 'it asks for a certificate',
  },
  "the listener puts the certificate under AWS's own name, which clients may send": {
    file,
    from: '    routingHttpRequestXAmznMtlsClientcertHeaderName: certificateHeader,\n',
    to: '',
    breaks: DRAWN,
  },
  'the function is not told where the certificate stands': {
    file: 'infra/load-balancer-function.ts',
    from: '      THINGPASS_CERTIFICATE_HEADER: certificateHeader,\n',
    to: '',
    breaks: DRAWN,
  },
  'the name of the certificate header stands in the program': {
    file,
    from: "$interpolate`X-Cert-${new RandomBytes('CertificateHeader', { length: 16 }).hex}`",
    to: "$util.output('X-Cert-0123456789abcdef0123456789abcdef')",
    breaks: DRAWN,
  },
  'the name of the certificate header is drawn and not taken': {
    file,
    from: "$interpolate`X-Cert-${new RandomBytes('CertificateHeader', { length: 16 }).hex}`",
    to: "$interpolate`X-Cert-${new RandomBytes('CertificateHeader', { length: 16 }).length.apply(() => '0'.repeat(32))}`",
    breaks: DRAWN,
  },
  'the name of the certificate header can be guessed': {
    file,
    from: '{ length: 16 }',
    to: '{ length: 4 }',
    breaks: DRAWN,
  },
  'the name of the certificate header is too long for a load balancer': {
    file,
    from: '{ length: 16 }',
    to: '{ length: 32 }',
    breaks: DRAWN,
  },
  'the function reads another header than the listener writes': {
    file,
    from: 'declareLoadBalancerFunction(hostName, certificateHeader)',
    to: 'declareLoadBalancerFunction(hostName, certificateHeader.apply((name) => name.slice(1)))',
    breaks: DRAWN,
  },
  'the name of the certificate header is shown in a tag': {
    file,
    from: 'declareBalancer(settings)\n  new',
    to: 'declareBalancer({ ...settings, acknowledge: certificateHeader as never })\n  new',
    breaks: DRAWN,
  },
  'the name of the certificate header is shown in the outputs': {
    file: 'sst.config.ts',
    from: 'loadBalancerEndpoint: `https://${loadBalancer.hostName}`,',
    to: 'loadBalancerEndpoint: `https://${loadBalancer.hostName}`, header: loadBalancer.handler.nodes.function.environment,',
    breaks: DRAWN,
  },
  'the last of two headers hides the first': {
    file,
    from: 'lambdaMultiValueHeadersEnabled: true',
    to: 'lambdaMultiValueHeadersEnabled: false',
    breaks: 'a header that comes twice',
  },
  'invalid headers are handed on': {
    file,
    from: 'dropInvalidHeaderFields: true',
    to: 'dropInvalidHeaderFields: false',
    breaks: 'headers that are none are dropped',
  },
  'the client chooses its address': {
    file,
    from: "xffHeaderProcessingMode: 'append'",
    to: "xffHeaderProcessingMode: 'preserve'",
    breaks: 'headers that are none are dropped',
  },
  'the function of the API is behind the load balancer': {
    file,
    from: 'targetId: handler.arn',
    to: "targetId: handler.arn.apply((arn) => arn.replace('-load-balancer', ''))",
    breaks: 'its target is a function of its own',
  },
  'the function behind the load balancer reads events of API Gateway': {
    file: 'infra/load-balancer-function.ts',
    from: 'functions/credentials/load-balancer.main.handler',
    to: 'functions/credentials/credentials.main.handler',
    breaks: 'its target is a function of its own',
  },
  'the function behind the load balancer answers for the host of the API': {
    file: 'infra/load-balancer-function.ts',
    from: 'deviceFunctionEnvironment(hostName)',
    to: "deviceFunctionEnvironment(hostName.replace('-lb', ''))",
    breaks: 'its target is a function of its own',
  },
  'the load balancer is open on every port': {
    file,
    from: 'fromPort: 443, toPort: 443',
    to: 'fromPort: 0, toPort: 65535',
    breaks: 'devices reach it on one port',
  },
  'connections are not logged': {
    file,
    from: 'connectionLogs: { bucket, prefix: connections, enabled: true },',
    to: '',
    breaks: 'it logs requests and connections',
  },
  'load balancers of every account write its logs': {
    file: 'infra/load-balancer-logs.ts',
    from: '/AWSLogs/${accountId}/*`',
    to: '/*`',
    breaks: 'it logs requests and connections',
  },
  'the load balancer can be deleted in production': {
    file,
    from: 'enableDeletionProtection: isProduction',
    to: 'enableDeletionProtection: false',
    breaks: 'in production it is protected',
  },
  'any target group may invoke the function behind the load balancer': {
    file,
    from: '    sourceArn: targets.arn,\n',
    to: '',
    breaks: 'only the front doors invoke functions',
  },
  'the target group may invoke the function of the API': {
    file,
    from: 'function: handler.name,',
    to: "function: nameOf('credentials'),",
    breaks: 'only the front doors invoke functions',
  },
  'the function behind the load balancer shares the role of the other': {
    file: 'infra/load-balancer-function.ts',
    from: 'role: role.arn',
    to: "role: $interpolate`arn:aws:iam::123456789012:role/${nameOf('credentials')}`",
    breaks: 'each function has a role of its own',
  },
  'the function behind the load balancer may assume more': {
    file: 'infra/load-balancer-function.ts',
    from: "'credentials-load-balancer', BROKER_STATEMENTS)",
    to: "'credentials-load-balancer', [...BROKER_STATEMENTS, { Sid: 'More', Action: ['sts:AssumeRole'], Resource: 'arn:aws:iam::123456789012:role/admin' }])",
    breaks: 'who gives credentials reads the registry',
  },
  'the dashboard does not show the load balancer': {
    file: 'infra/dashboard.ts',
    from: 'balancer: loadBalancer?.balancer.arnSuffix,',
    to: 'balancer: undefined,',
    breaks: 'the dashboard shows what an operator asks first',
  },
  'failures of the load balancer alarm nobody': {
    file: 'infra/alarms.ts',
    from: '...LOAD_BALANCER_ALARMS,',
    to: '',
    breaks: 'these are watched',
  },
}
