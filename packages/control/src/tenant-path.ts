import { DEFAULT_TENANT, parseTenantId, type TenantId } from '@thingpass/core/names'

/** Whose call it is, and the path that is left after the tenant's prefix, as sent. */
export type TenantPath = { readonly tenantId: TenantId; readonly path: string }

const PREFIX = /^\/t(?:\/([^/]*))?(\/.*)?$/s

/** Routes of the administrator: IAM keeps tenants' operators off them by path, so under a prefix they do not exist. */
const ADMINISTRATORS_ROUTES = /^\/thingpass\/tenants(?:\/|$)/

/**
 * Splits `/t/<tenant>/…`; without prefix the tenant is `default`. Undefined where no tenant can be meant. IAM isolates tenants by
 * the path as sent, so only one spelling of a prefix counts: an encoded or dotted one is no prefix, and `/t/default` none either.
 */
export function splitTenantPath(path: string): TenantPath | undefined {
  if (!isPlain(path)) return undefined
  const prefixed = PREFIX.exec(path)
  if (prefixed === null) return { tenantId: DEFAULT_TENANT, path }
  const [, name, rest] = prefixed
  const tenantId = parseTenantId(name)
  if (tenantId === undefined || tenantId === DEFAULT_TENANT || rest === undefined) return undefined
  return ADMINISTRATORS_ROUTES.test(rest) ? undefined : { tenantId, path: rest }
}

/** No segment is a dot segment, in whatever spelling: what reads the path between IAM and here may have resolved it. */
function isPlain(path: string): boolean {
  return path.split('/').every((segment) => !/^(?:\.|%2e){1,2}$/i.test(segment))
}
