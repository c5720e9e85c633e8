import type { ApiRoute } from '@thingpass/core/authorize-api'
import { Fault } from '@thingpass/core/fault'
import type { DeviceRequest } from '../front-door/device-request.ts'
import { textOf } from '../front-door/front-door.ts'

/** One request to a guarded API, as either kind of API Gateway hands it to its authorizer. */
export type AuthorizerRequest = Omit<DeviceRequest, 'route'> & {
  readonly route: ApiRoute
  /** The ARN that API Gateway will hold a policy answer against; it decides nothing here. */
  readonly gatewayArn: string
}

/**
 * Puts a route together. API id and stage must be of their grammar: a slash in one would shift the parts of the ARN.
 * @throws {Fault} EVENT_UNREADABLE
 */
export function routeOf(parts: Readonly<Record<keyof ApiRoute, unknown>>): ApiRoute {
  const apiId = textOf(parts.apiId, 'API id')
  const stage = textOf(parts.stage, 'stage')
  const regular = /^[a-z0-9]+$/.test(apiId) && /^(?:\$default|[\w-]+)$/.test(stage)
  if (!regular) throw new Fault('EVENT_UNREADABLE', "the event's API id or stage is irregular")
  return {
    ...{ apiId, stage },
    method: textOf(parts.method, 'method'),
    path: textOf(parts.path, 'path'),
  }
}
