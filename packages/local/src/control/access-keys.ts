import { parseTenantId, type TenantId } from '@thingpass/core/names'
import type { KeyFinding } from '../sigv4/verify.ts'

/** Who may call the local control plane with a key, and which paths of it. */
export type ControlCaller = {
  readonly arn: string
  readonly accessKeyId: string
  /** `all` = the administrator; else the paths under the tenant's prefix, and no other. */
  readonly reach: 'all' | { readonly tenantId: TenantId }
}

/** One profile of the credentials file. */
export type AccessKey = {
  /** `default` is the administrator; any other name is a tenant's. */
  readonly profile: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Makes the look-up of access keys. A profile that names no tenant opens nothing. */
export function createFindKey(
  keys: readonly AccessKey[],
  accountId: string,
): (accessKeyId: string, sessionToken: string | undefined) => KeyFinding<ControlCaller> {
  const known = new Map(keys.map((key) => [key.accessKeyId, key]))
  return (accessKeyId, sessionToken) => {
    const key = known.get(accessKeyId)
    const reach = key === undefined ? undefined : reachOf(key.profile)
    if (key === undefined || reach === undefined) return { found: false, reason: 'key-unknown' }
    // These keys are a user's: nothing issues a token for them.
    if (sessionToken !== undefined) return { found: false, reason: 'token-invalid' }
    const arn = `arn:aws:iam::${accountId}:user/${key.profile}`
    const caller = { arn, accessKeyId, reach }
    return { found: true, secretAccessKey: key.secretAccessKey, caller }
  }
}

function reachOf(profile: string): ControlCaller['reach'] | undefined {
  if (profile === 'default') return 'all'
  const tenantId = parseTenantId(profile)
  return tenantId === undefined ? undefined : { tenantId }
}

/** Whether the caller may call the path, which is taken as it was sent, as IAM takes it. */
export function mayCall({ reach }: ControlCaller, path: string): boolean {
  return reach === 'all' || path.startsWith(`/t/${reach.tenantId}/`)
}
