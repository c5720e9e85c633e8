/** One policy of a role. */
export type RolePolicy = {
  readonly roleArn: string
  /** Name of an inline policy, or ARN of a managed one. */
  readonly policy: string
  readonly document: string
}

/** What is read of IAM. */
export type RolePolicyCalls = {
  /** Names of a role's inline policies. */
  readonly listInline: (roleName: string) => Promise<readonly string[]>
  readonly readInline: (roleName: string, policyName: string) => Promise<string>
  /** ARNs of the managed policies that are attached to a role. */
  readonly listManaged: (roleName: string) => Promise<readonly string[]>
  /** The default version of a managed policy. */
  readonly readManaged: (policyArn: string) => Promise<string>
}

/** Reads the policies of roles: inline ones, and the customer's managed ones. AWS's own never name a key of a device. */
export async function readRolePolicies(
  iam: RolePolicyCalls,
  roleArns: readonly string[],
): Promise<readonly RolePolicy[]> {
  const policies: RolePolicy[] = []
  for (const roleArn of roleArns) {
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1)
    for (const policy of await iam.listInline(roleName)) {
      policies.push({ roleArn, policy, document: await iam.readInline(roleName, policy) })
    }
    for (const policy of await iam.listManaged(roleName)) {
      if (policy.includes(':iam::aws:')) continue
      policies.push({ roleArn, policy, document: await iam.readManaged(policy) })
    }
  }
  return policies
}
