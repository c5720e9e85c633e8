/*
 * In the account: a function, its role, its log group.
 * May: the function reads the registry and nothing else. Of AWS's services, only the device API may invoke it, behind the authorizer.
 */

import { deviceFunctionEnvironment } from './device-function.ts'
import { deviceHostName } from './device-host-name.ts'
import { functionRole } from './function-role.ts'
import { nameOf } from './names.ts'
import { READ_REGISTRY } from './registry-access.ts'
import { settingsOf } from './settings.ts'

const { whoamiFunction } = settingsOf($app.stage)

/** It may read the registry, for `?roleAlias=` asks what policies allow, and nothing else. */
const whoamiRole = functionRole('whoami', [READ_REGISTRY])

/** Tells a device who it is, and whether its policies let it assume a role alias. */
export const whoami = new sst.aws.Function('Whoami', {
  name: nameOf('whoami'),
  handler: 'functions/authorizer/whoami.main.handler',
  description: 'GET /whoami: the identity of the device that asks',
  role: whoamiRole.arn,
  memory: whoamiFunction.memory,
  timeout: '6 seconds',
  environment: deviceFunctionEnvironment(deviceHostName),
})
