import { createHash } from 'node:crypto'
import type { SessionTag } from '@thingpass/core/ports'
import { encodeBase32 } from './base32.ts'

/** Whoever signed a request: always the session of a role. */
export type StsCaller = {
  /** ARN of the role. */
  readonly roleArn: string
  readonly sessionName: string
  readonly tags: readonly SessionTag[]
  /** Keys of those tags that pass on to further sessions. */
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
  /** Whether a session policy limits the session. */
  readonly limitedByPolicy: boolean
  /** The broker's own role is not in the roles file: its permissions are the deployment's. */
  readonly isBroker: boolean
}

/** Parts of a role's ARN. A path belongs to the role, never to the ARN of its sessions. */
export function roleParts(roleArn: string): {
  readonly partition: string
  readonly accountId: string
  readonly roleName: string
} {
  const [, partition = '', , , accountId = '', path = ''] = roleArn.split(':')
  return { partition, accountId, roleName: path.slice(path.lastIndexOf('/') + 1) }
}

/** ARN of a role's session: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
export function sessionArn(roleArn: string, sessionName: string): string {
  const { partition, accountId, roleName } = roleParts(roleArn)
  return `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`
}

/** Unique id of a role, 21 characters as in IAM, and the name of the session. The same ARN has the same id here. */
export function assumedRoleId(roleArn: string, sessionName: string): string {
  const digest = createHash('sha256').update(roleArn).digest()
  return `AROALOCAL${encodeBase32(digest).slice(0, 12)}:${sessionName}`
}
