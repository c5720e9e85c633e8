import {
  GetRoleCommand,
  type IAMClient,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandOutput,
} from '@aws-sdk/client-iam'
import { Fault } from '@thingpass/core/fault'
import type { RoleArn } from '@thingpass/core/names'
import { serviceFailure } from '../service-failure.ts'
import { readCallerEntity } from './caller-entity.ts'
import { iamFault, iamUnreadable } from './iam-fault.ts'

/** The service that a role alias hands a role to, as policies for AWS IoT name it. Source: AWS IoT Developer Guide, authorizing-direct-aws. */
const PASSED_TO_SERVICE = 'credentials.iot.amazonaws.com'

/**
 * Makes the question whether IAM lets a caller pass a role on. Whoever or whatever cannot be resolved in the role's account may not: a caller of
 * another account, the account's root, a federated user, a role that is not there. IAM sees neither the session policy of a caller nor
 * condition keys beside `iam:PassedToService`.
 * The function throws {Fault} IAM_… when IAM cannot answer, or answers something else: who asks is not to blame for that.
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
    if (Role?.Arn !== undefined) return Role.Arn
  } catch (thrown) {
    return absentOrFault('GetRole', thrown)
  }
  throw iamUnreadable('GetRole')
}

/** Only a plain yes counts; a caller that has gone meanwhile gets none. */
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
    return readDecision(await client.send(command), roleArn) === 'allowed'
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    return absentOrFault('SimulatePrincipalPolicy', thrown) ?? false
  }
}

const DECISIONS = new Set<unknown>(['allowed', 'explicitDeny', 'implicitDeny'])

/** @throws {Fault} IAM_UNREADABLE unless there is one decision, about the very role */
function readDecision(
  { EvaluationResults = [], IsTruncated }: SimulatePrincipalPolicyCommandOutput,
  roleArn: string,
): string {
  const [result, ...others] = EvaluationResults
  const whole = others.length === 0 && IsTruncated !== true
  const decision = result?.EvalResourceName === roleArn ? result.EvalDecision : undefined
  if (whole && decision !== undefined && DECISIONS.has(decision)) return decision
  throw iamUnreadable('SimulatePrincipalPolicy')
}

function absentOrFault(operation: string, thrown: unknown): undefined {
  if (NOT_THERE.has(serviceFailure(thrown).name)) return undefined
  throw iamFault(thrown, operation)
}
