/*
 * In the account: a function, its role, its log group.
 * May: the function reads the registry, counts budgets, and assumes the roles of the setting `assumableRoles` (`infra/broker-access.ts`). Of AWS's
 * services, only the device API may invoke it.
 */

import { BROKER_STATEMENTS } from './broker-access.ts'
import { concurrencyOf, deviceFunctionEnvironment } from './device-function.ts'
import { deviceHostName } from './device-host-name.ts'
import { functionRole } from './function-role.ts'
import { nameOf } from './names.ts'
import { settingsOf } from './settings.ts'

const { credentialsFunction } = settingsOf($app.stage)

/** The role that the trust policies of users' roles name: its name stays when the function is replaced. */
export const credentialsRole = functionRole('credentials', BROKER_STATEMENTS)

/** Answers devices. An answer leaves within 3 s; the rest of the time is for a cold start. */
export const credentials = new sst.aws.Function('Credentials', {
  name: nameOf('credentials'),
  handler: `functions/credentials/${credentialsFunction.awsSdk ? 'credentials-sdk' : 'credentials'}.main.handler`,
  description: 'Exchanges a device certificate for AWS credentials',
  role: credentialsRole.arn,
  memory: credentialsFunction.memory,
  timeout: '6 seconds',
  versioning: true,
  concurrency: concurrencyOf(credentialsFunction),
  environment: deviceFunctionEnvironment(deviceHostName),
})
