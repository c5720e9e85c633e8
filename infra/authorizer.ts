/*
 * In the account: a function, its role, its log group, and an authorizer of the device API.
 * May: the function reads the registry and nothing else. Of AWS's services, only this authorizer may invoke it.
 */

import { deviceApi } from './device-api.ts'
import { concurrencyOf, deviceFunctionEnvironment } from './device-function.ts'
import { deviceHostName } from './device-host-name.ts'
import { functionRole } from './function-role.ts'
import { nameOf } from './names.ts'
import { READ_REGISTRY } from './registry-access.ts'
import { settingsOf } from './settings.ts'

const { authorizer, authorizerFunction } = settingsOf($app.stage)
const { attributes, format } = authorizer

/** It may read the registry and nothing else: what it lets in is decided from there, and it asks nobody for credentials. */
const authorizerRole = functionRole('authorizer', [READ_REGISTRY])

/** Says who a device is and whether it may call a route. API Gateway waits 10 s; an answer takes 3, the rest is for a cold start. */
export const authorizerHandler = new sst.aws.Function('Authorizer', {
  name: nameOf('authorizer'),
  handler: 'functions/authorizer/authorizer.main.handler',
  description: 'Decides which device may call which route behind it',
  role: authorizerRole.arn,
  memory: authorizerFunction.memory,
  timeout: '6 seconds',
  versioning: true,
  concurrency: concurrencyOf(authorizerFunction),
  environment: {
    ...deviceFunctionEnvironment(deviceHostName),
    THINGPASS_AUTHORIZER_FORMAT: `http-${format}`,
    ...(attributes.length > 0 && { THINGPASS_AUTHORIZER_ATTRIBUTES: attributes.join(' ') }),
  },
})

/**
 * Asked before each request, and its answer is never kept: no identity source, no time to live. Sources would be the key of a cache, and by a
 * header for a key one device gets another's answer; with any source, devices that do not send it are refused unasked. API Gateway may
 * invoke the function for this authorizer alone.
 */
const guard = deviceApi.addAuthorizer({
  name: 'Device',
  lambda: {
    function: authorizerHandler.targetArn as $util.Output<`arn:${string}`>,
    payload: '2.0',
    response: format,
    identitySources: [],
    ttl: '0 seconds',
  },
})

/**
 * Adds a route of the device API that only devices reach whose IoT policies and whose tenant's `apiArnPatterns` allow it. The function behind it
 * is told who the device is in `requestContext.authorizer.lambda`.
 */
export function protectedRoute(route: `${Method} /${string}`, target: sst.aws.Function): void {
  const arn = target.targetArn as $util.Output<`arn:${string}`>
  deviceApi.route(route, arn, { auth: { lambda: guard.id } })
}

type Method = 'ANY' | 'DELETE' | 'GET' | 'HEAD' | 'PATCH' | 'POST' | 'PUT'
