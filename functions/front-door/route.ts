import { parseRoleAlias } from '@thingpass/core/names'
import type { Route } from './device-request.ts'

const CREDENTIALS_PATH = /^\/role-aliases\/([^/]*)\/credentials$/

/** Reads the route from a method and a path that the front door has decoded already; nothing is decoded here. */
export function readRoute(method: string, decodedPath: string): Route {
  const alias = CREDENTIALS_PATH.exec(decodedPath)?.[1]
  if (alias === undefined) return { kind: 'refused', reason: 'path-unknown' }
  if (method !== 'GET') return { kind: 'refused', reason: 'method-not-allowed' }
  return { kind: 'credentials', roleAlias: parseRoleAlias(alias) }
}
