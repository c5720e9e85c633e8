import type { SessionRequest } from '@thingpass/core/ports'
import type { AnsweredUser } from './assume-role.ts'

/** A role's ARN: partition, account, and its name behind whatever path it has. */
const ROLE_ARN = /^arn:(?<partition>[\w-]+):iam::(?<account>\d{12}):role\/(?:.*\/)?(?<name>[^/]+)$/

/**
 * Whether an answer is of the very session that was asked for: of its role, in its account, under its name. HTTP has nothing that ties an answer
 * to a request but their order on a connection; an answer too many would hand every device the credentials of the one before it.
 * Source: IAM User Guide, "IAM identifiers" (an assumed role has no path); STS API reference, AssumedRoleUser.
 */
export function isUserOfSession(
  { roleArn, sessionName }: Pick<SessionRequest, 'roleArn' | 'sessionName'>,
  user: AnsweredUser | undefined,
): boolean {
  const { partition, account, name } = ROLE_ARN.exec(roleArn)?.groups ?? {}
  if (name === undefined) return false
  const arn = `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`
  const id = user?.AssumedRoleId
  return user?.Arn === arn && typeof id === 'string' && id.endsWith(`:${sessionName}`)
}
