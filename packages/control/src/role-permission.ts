import type { RoleArn } from '@thingpass/core/names'
import { matchesArnPattern } from '@thingpass/core/policy/arn'
import { type Refused, refuse } from './api-error.ts'
import type { OperationContext } from './operation.ts'

/**
 * Why the caller may not have devices of its tenant assume the role; undefined when it may: the administrator has opened the role to the tenant,
 * and IAM lets the caller pass it on.
 */
export async function refuseRole(
  roleArn: RoleArn,
  { tenant, callerArn, ports }: OperationContext,
): Promise<Refused<'AccessDeniedException' | 'InvalidRequestException'> | undefined> {
  const open = tenant.roleArnPatterns.some((pattern) => matchesArnPattern(pattern, roleArn))
  if (!open) {
    const message = `The role ${roleArn} is none that tenant ${tenant.tenantId} may use`
    return refuse('InvalidRequestException', message)
  }
  if (await ports.mayPassRole(callerArn, roleArn)) return undefined
  const message = `User: ${callerArn} is not authorized to perform: iam:PassRole on resource: ${roleArn}`
  return refuse('AccessDeniedException', message)
}
