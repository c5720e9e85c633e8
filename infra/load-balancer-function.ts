/*
 * In the account, only with the setting `loadBalancer`: a function, its role, its log group.
 * May: what the credentials function may.
 */

import { BROKER_STATEMENTS } from './broker-access.ts'
import { deviceFunctionEnvironment } from './device-function.ts'
import { functionRole } from './function-role.ts'
import { nameOf } from './names.ts'
import { settingsOf } from './settings.ts'

const { credentialsFunction } = settingsOf($app.stage)

/**
 * The function behind the load balancer: it does what the credentials function does, but takes identity from a header. So it is another function,
 * with a role of its own, and of AWS's services the target group alone may invoke it. Roles behind role aliases must trust this role, too.
 * A target group has one target for good, so it is never a version, and no instances of it are kept warm. A load balancer throttles nobody, as the API
 * does: `credentialsFunction.reserved` is what holds it back. It alone is told the name of the header that the listener puts the certificate in.
 */
export function declareLoadBalancerFunction(
  hostName: string,
  certificateHeader: $util.Input<string>,
) {
  const role = functionRole('credentials-load-balancer', BROKER_STATEMENTS)
  const handler = new sst.aws.Function('CredentialsLoadBalancer', {
    name: nameOf('credentials-load-balancer'),
    handler: 'functions/credentials/load-balancer.main.handler',
    description: 'Exchanges a device certificate for AWS credentials, behind a load balancer',
    role: role.arn,
    memory: credentialsFunction.memory,
    timeout: '6 seconds',
    ...(credentialsFunction.reserved && {
      concurrency: { reserved: credentialsFunction.reserved },
    }),
    environment: {
      ...deviceFunctionEnvironment(hostName),
      THINGPASS_CERTIFICATE_HEADER: certificateHeader,
    },
  })
  return { role, handler }
}
