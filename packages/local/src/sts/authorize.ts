import type { PolicyDocument } from '@thingpass/core/policy/document'
import { evaluate } from '@thingpass/core/policy/evaluate'
import {
  type ContextValue,
  createRequestContext,
  type RequestContext,
} from '@thingpass/core/policy/request-context'
import type { AssumeRoleRequest } from './assume-role-request.ts'
import { assumedRoleId, roleParts, type StsCaller } from './caller.ts'
import type { RoleDefinition } from './roles-file.ts'
import { namingOf } from './trust-policy.ts'

/** Actions that one AssumeRole may need. Source: IAM User Guide, "Actions, resources, and condition keys for AWS STS". */
export type StsAction = 'sts:AssumeRole' | 'sts:TagSession' | 'sts:SetSourceIdentity'

/** Who asks for which role, when and from where. */
export type AssumeRoleAttempt = {
  readonly caller: StsCaller
  readonly request: AssumeRoleRequest
  /** The role asked for; undefined when there is none. */
  readonly role: RoleDefinition | undefined
  /** The caller's own role; undefined when the roles file does not have it. */
  readonly callerRole: RoleDefinition | undefined
  readonly now: Date
  readonly sourceIp: string
}

/**
 * The first action that the caller lacks, undefined when it lacks none. A role that does not exist and a role that does
 * not trust the caller look the same, as at STS.
 */
export function missingAction(attempt: AssumeRoleAttempt): StsAction | undefined {
  const { caller, role } = attempt
  if (role === undefined) return 'sts:AssumeRole'
  // The token does not hold the text of a session policy, so nobody could tell whether it allows to go on to another role.
  if (caller.limitedByPolicy) return 'sts:AssumeRole'
  const context = contextOf(attempt)
  const missing = neededActions(attempt).find(
    (action) => !isAllowed({ ...attempt, role }, action, context),
  )
  return missing ?? changedSourceIdentity(attempt)
}

/** Inherited tags and source identity need the permission too. Source: IAM User Guide, "Chaining roles with session tags". */
function neededActions({ caller, request }: AssumeRoleAttempt): readonly StsAction[] {
  const hasTags = request.tags.length > 0 || caller.transitiveTagKeys.length > 0
  const hasIdentity = (request.sourceIdentity ?? caller.sourceIdentity) !== undefined
  return [
    'sts:AssumeRole',
    ...(hasTags ? (['sts:TagSession'] as const) : []),
    ...(hasIdentity ? (['sts:SetSourceIdentity'] as const) : []),
  ]
}

/** A source identity stays for a whole chain of sessions. */
function changedSourceIdentity({ caller, request }: AssumeRoleAttempt): StsAction | undefined {
  const { sourceIdentity } = request
  const stays = caller.sourceIdentity === undefined || sourceIdentity === undefined
  return stays || sourceIdentity === caller.sourceIdentity ? undefined : 'sts:SetSourceIdentity'
}

function isAllowed(
  attempt: AssumeRoleAttempt & { readonly role: RoleDefinition },
  action: StsAction,
  context: RequestContext,
): boolean {
  const { caller, role, callerRole } = attempt
  const judge = (documents: readonly PolicyDocument[]) => {
    const policies = documents.map((document) => ({ document }))
    return evaluate(policies, { action, resource: role.arn, context }).result
  }
  const applying = role.trust.map((statement) => ({
    document: statement.document,
    naming: namingOf(statement, caller),
  }))
  const documents = applying.filter(({ naming }) => naming !== undefined)
  if (judge(documents.map(({ document }) => document)) !== 'allow') return false
  if (caller.isBroker) return true
  const own = callerRole === undefined ? 'explicitDeny' : judge(callerRole.policies)
  if (own === 'allow') return true
  const direct = documents.filter(({ naming }) => naming === 'directly')
  const isLocal = roleParts(role.arn).accountId === roleParts(caller.roleArn).accountId
  const trusted = judge(direct.map(({ document }) => document)) === 'allow'
  return own === 'implicitDeny' && isLocal && trusted
}

/** Source: IAM User Guide, "IAM and AWS STS condition context keys", "AWS global condition context keys". */
function contextOf({ caller, request, now, sourceIp }: AssumeRoleAttempt): RequestContext {
  const { tags, transitiveTagKeys, externalId } = request
  const sourceIdentity = request.sourceIdentity ?? caller.sourceIdentity
  const entries: [string, ContextValue][] = [
    ['aws:PrincipalArn', caller.roleArn],
    ['aws:PrincipalAccount', roleParts(caller.roleArn).accountId],
    ['aws:PrincipalType', 'AssumedRole'],
    ['aws:userid', assumedRoleId(caller.roleArn, caller.sessionName)],
    ['aws:SourceIp', sourceIp],
    ['aws:SecureTransport', 'false'],
    ['aws:CurrentTime', now.toISOString()],
    ['aws:EpochTime', `${Math.floor(now.getTime() / 1000)}`],
    ['sts:RoleSessionName', request.sessionName],
    ['aws:TagKeys', tags.map(({ key }) => key)],
    ['sts:TransitiveTagKeys', transitiveTagKeys],
    ...(externalId === undefined ? [] : [['sts:ExternalId', externalId] as [string, string]]),
    ...(sourceIdentity === undefined
      ? []
      : [['sts:SourceIdentity', sourceIdentity] as [string, string]]),
    ...tags.map(({ key, value }): [string, string] => [`aws:RequestTag/${key}`, value]),
    ...caller.tags.map(({ key, value }): [string, string] => [`aws:PrincipalTag/${key}`, value]),
  ]
  return createRequestContext(entries)
}
