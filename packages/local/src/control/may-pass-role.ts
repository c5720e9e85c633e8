import type { RoleArn } from '@thingpass/core/names'
import { matchesArnPattern } from '@thingpass/core/policy/arn'
import type { ReadRoles } from '../sts/roles-file.ts'

/**
 * Makes the local stand-in for `iam:PassRole`: the roles file says by whom a role may be passed on. A role that is not in it
 * may be passed by nobody.
 */
export function createMayPassRole(
  readRoles: ReadRoles,
): (callerArn: string, roleArn: RoleArn) => Promise<boolean> {
  return async (callerArn, roleArn) => {
    const role = readRoles().find(({ arn }) => arn === roleArn)
    return role?.passableBy.some((pattern) => matchesArnPattern(pattern, callerArn)) === true
  }
}
