import { GetRoleCommand, type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { Fault } from '@thingpass/core/fault'
import type { RoleArn } from '@thingpass/core/names'
import { describeFailure, serviceFailure } from '../service-failure.ts'
import { readCallerEntity } from './caller-entity.ts'

/** The service that a role alias hands a role to, as policies for AWS IoT name it. Source: AWS IoT Developer Guide, authorizing-direct-aws. */
const PASSED_TO_SERVICE = 'credentials.iot.amazonaws.com'

/**
 * Makes the question whether IAM lets a caller pass a role on. Whoever or whatever cannot be resolved in the role's account may not: a caller of
 * another account, the account's root, a federated user, a role that is not there. IAM sees neither the session policy of a caller nor
 * condition keys beside `iam:PassedToService`.
 * The function throws {Fault} UNEXPECTED when IAM cannot answer.
 * Source: IAM API reference, SimulatePrincipalPolicy; IAM User Guide, id_roles_use_passrole.
 */
export function createMayPassRole({
  client,
}: {
  readonly client: IAMClient
}): (callerArn: string, roleArn: RoleArn) => Promise<boolean> {
  return async (callerArn, roleArn) => {
    const [, accountId, roleName] = ROLE.exec(roleArn) ?? []
    const caller = readCallerEntity(callerArn)
    if (roleName === undefined || caller === undefined || caller.accountId !== accountId)
      return false
    // GetRole looks in our own account, by name alone: what it found must be the role that was meant.
    if ((await findRole(client, roleName)) !== roleArn) return false
    const principalArn =
      caller.kind === 'user' ? caller.arn : await findRole(client, caller.roleName)
    return principalArn !== undefined && simulate(client, principalArn, roleArn)
  }
}

/** A role's account and name, without its path. */
const ROLE = /^arn:[^:]+:iam::(\d{12}):role\/(?:[^/]+\/)*([^/]+)$/

/** Source: IAM API reference, GetRole, Errors. */
const NOT_THERE = new Set(['NoSuchEntity', 'NoSuchEntityException'])

/** ARN of the role with this name; undefined when our account has none. */
async function findRole(client: IAMClient, RoleName: string): Promise<string | undefined> {
  try {
    const { Role } = await client.send(new GetRoleCommand({ RoleName }))
    return Role?.Arn
  } catch (thrown) {
    return absentOrFault('GetRole', thrown)
  }
}

/** Only a plain yes for the very role counts; a caller that has gone meanwhile gets none. */
async function simulate(client: IAMClient, callerArn: string, roleArn: string): Promise<boolean> {
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: callerArn,
    ActionNames: ['iam:PassRole'],
    ResourceArns: [roleArn],
    ContextEntries: [
      {
        ContextKeyName: 'iam:PassedToService',
        ContextKeyType: 'string',
        ContextKeyValues: [PASSED_TO_SERVICE],
      },
    ],
  })
  try {
    const { EvaluationResults = [], IsTruncated } = await client.send(command)
    const [result, ...others] = EvaluationResults
    const whole = others.length === 0 && IsTruncated !== true
    return whole && result?.EvalResourceName === roleArn && result.EvalDecision === 'allowed'
  } catch (thrown) {
    return absentOrFault('SimulatePrincipalPolicy', thrown) ?? false
  }
}

/** IAM's message stays here: it may repeat what was sent. */
function absentOrFault(operation: string, thrown: unknown): undefined {
  const failure = serviceFailure(thrown)
  if (NOT_THERE.has(failure.name)) return undefined
  throw new Fault('UNEXPECTED', `${operation} failed: ${describeFailure(failure)}`)
}
