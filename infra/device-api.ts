/*
 * In the account: an HTTP API with its stage and access log, a regional domain with mutual TLS, its public certificate, and three DNS records.
 * May: whoever has a certificate of a CA in the truststore may connect, and reaches the credentials function; everything behind
 * `infra/protected-routes.ts` asks the authorizer first. The API may invoke these functions and no other. HTTP APIs cannot have a firewall.
 */

import { credentials } from './credentials.ts'
import { deviceHostName } from './device-host-name.ts'
import { settingsOf } from './settings.ts'
import { seedVersion, truststoreUri } from './truststore.ts'

const { deviceThrottle, hostedZoneId } = settingsOf($app.stage)

/** One line per request, with whose certificate it was: also of requests that no function sees. */
const ACCESS_LOG = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  sourceIp: '$context.identity.sourceIp',
  hostName: '$context.domainName',
  routeKey: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  latencyMilliseconds: '$context.responseLatency',
  certificateSubject: '$context.identity.clientCert.subjectDN',
  certificateIssuer: '$context.identity.clientCert.issuerDN',
  certificateSerial: '$context.identity.clientCert.serialNumber',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
}

/**
 * What devices connect to: a domain of its own with mutual TLS, and no other way in. The domain of an API that was made with mutual TLS is
 * never made without it; which version of the truststore it has is the publisher's to say.
 */
export const deviceApi = new sst.aws.ApiGatewayV2('DeviceApi', {
  cors: false,
  accessLog: { retention: '1 month' },
  domain: {
    name: deviceHostName,
    dns: sst.aws.dns(hostedZoneId === undefined ? {} : { zone: hostedZoneId }),
  },
  transform: {
    api: (args) => {
      args.disableExecuteApiEndpoint = true // it would ask for no certificate
    },
    domainName: (args, options) => {
      args.mutualTlsAuthentication = { truststoreUri, truststoreVersion: seedVersion }
      options.ignoreChanges = ['mutualTlsAuthentication.truststoreVersion']
    },
    stage: (args) => {
      args.defaultRouteSettings = {
        throttlingRateLimit: deviceThrottle.perSecond,
        throttlingBurstLimit: deviceThrottle.burst,
        detailedMetricsEnabled: true,
      }
      args.accessLogSettings = $output(args.accessLogSettings).apply((settings) => ({
        destinationArn: settings?.destinationArn ?? '',
        format: JSON.stringify(ACCESS_LOG),
      }))
    },
  },
})

// The qualified ARN: warm instances are kept for a version, and requests to any other go past them.
const target = credentials.nodes.function.qualifiedArn as $util.Output<`arn:${string}`>
deviceApi.route('GET /role-aliases/{roleAlias}/credentials', target)
deviceApi.route('$default', target) // unknown paths and methods get our 404 and 405, and an audit record

// Every other route is behind the authorizer: infra/protected-routes.ts.

export { deviceHostName }
