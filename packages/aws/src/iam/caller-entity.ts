/** Who calls, as far as IAM can simulate its policies. */
export type CallerEntity =
  | { readonly kind: 'user'; readonly accountId: string; readonly arn: string }
  /** A session names its role without the role's path. */
  | { readonly kind: 'role-session'; readonly accountId: string; readonly roleName: string }

const USER = /^arn:aws[a-z-]*:iam::(\d{12}):user\/[\w+=,.@/-]{1,600}$/
const ROLE_SESSION = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/[\w+=,.@-]+$/

/**
 * Reads the ARN of a caller. Undefined for whom IAM cannot simulate: the account's root, federated users, services.
 * Source: IAM API reference, SimulatePrincipalPolicy (PolicySourceArn); IAM User Guide, ARN formats.
 */
export function readCallerEntity(callerArn: string): CallerEntity | undefined {
  const [, userAccount] = USER.exec(callerArn) ?? []
  if (userAccount !== undefined) return { kind: 'user', accountId: userAccount, arn: callerArn }
  const [, accountId, roleName] = ROLE_SESSION.exec(callerArn) ?? []
  return accountId === undefined || roleName === undefined
    ? undefined
    : { kind: 'role-session', accountId, roleName }
}
