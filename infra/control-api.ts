/*
 * In the account: a REST API with its deployment, stage and access log.
 * May: whoever IAM allows `execute-api:Invoke` on the method and path may call it; tenants are paths. The API may invoke the control function alone.
 */

import { control } from './control.ts'
import { settingsOf } from './settings.ts'

const { controlThrottle } = settingsOf($app.stage)

/** Who called what, with which identity: also calls that IAM refused. */
const ACCESS_LOG = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  sourceIp: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latencyMilliseconds: '$context.responseLatency',
  authorizeError: '$context.authorize.error',
  integrationError: '$context.integrationErrorMessage',
}

/**
 * What operators call: a REST API, because it hands over paths as they were sent and IAM can authorize each by its ARN. It stays on the host
 * name that API Gateway gives it.
 */
export const controlApi = new sst.aws.ApiGatewayV1('ControlApi', {
  cors: false,
  endpoint: { type: 'regional' },
  accessLog: { retention: '1 month' },
  transform: {
    stage: (args) => {
      args.accessLogSettings = $output(args.accessLogSettings).apply((settings) => ({
        destinationArn: settings?.destinationArn ?? '',
        format: JSON.stringify(ACCESS_LOG),
      }))
    },
  },
})

const target = control.nodes.function.qualifiedArn as $util.Output<`arn:${string}`>
for (const route of ['ANY /', 'ANY /{proxy+}']) {
  controlApi.route(route, target, { auth: { iam: true } })
}
controlApi.deploy()

const { api, stage } = controlApi.nodes
if (stage === undefined) throw new Error('the API has a stage once it is deployed')
new aws.apigateway.MethodSettings('ControlApiThrottle', {
  restApi: api.id,
  stageName: stage.stageName,
  methodPath: '*/*',
  settings: {
    throttlingRateLimit: controlThrottle.perSecond,
    throttlingBurstLimit: controlThrottle.burst,
    metricsEnabled: true,
    loggingLevel: 'OFF', // execution logs would hold request bodies
    dataTraceEnabled: false,
  },
})
