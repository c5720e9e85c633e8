import { createHash } from 'node:crypto'
import { parsePolicyDocument } from '@thingpass/core/policy/document'
import type { SessionTag } from '@thingpass/core/ports'
import { refuse, type StsRefusal, type XmlTree } from './answer.ts'
import { type AssumeRoleRequest, readAssumeRole } from './assume-role-request.ts'
import { type AssumeRoleAttempt, missingAction } from './authorize.ts'
import { assumedRoleId, type StsCaller, sessionArn } from './caller.ts'
import type { Form } from './form.ts'
import { packedSizePercent } from './packed-size.ts'
import type { RoleDefinition } from './roles-file.ts'
import { MAX_TOKEN_CHARACTERS, type SessionClaims, type SessionKeyring } from './session-keys.ts'
import { foldTagKey } from './session-tags.ts'

/** What AssumeRole is judged by, beside its parameters. */
export type AssumeRoleFacts = {
  readonly caller: StsCaller
  readonly roles: readonly RoleDefinition[]
  readonly keyring: SessionKeyring
  readonly now: Date
  readonly sourceIp: string
}

/** Result of an operation, or why it is refused. */
export type OperationOutcome = { readonly ok: true; readonly result: XmlTree } | StsRefusal

/** Longest session that a role session may start. Source: IAM User Guide, "Roles terms and concepts" (role chaining). */
const CHAINING_LIMIT_SECONDS = 3600

/**
 * Answers AssumeRole. Bounds of parameters come first and say nothing of the role; then the permission; only who has it
 * learns the role's own limits.
 */
export function assumeRole(form: Form, facts: AssumeRoleFacts): OperationOutcome {
  const request = readAssumeRole(form)
  if (!request.ok) return request
  const malformed = checkPolicy(request)
  if (malformed !== undefined) return malformed
  const { caller, roles, now, sourceIp } = facts
  const findRole = (arn: string) => roles.find((role) => role.arn === arn)
  const role = findRole(request.roleArn)
  const callerRole = findRole(caller.roleArn)
  const attempt: AssumeRoleAttempt = { caller, request, role, callerRole, now, sourceIp }
  const missing = missingAction(attempt)
  if (role === undefined || missing !== undefined) {
    const user = sessionArn(caller.roleArn, caller.sessionName)
    const lacking = `${missing ?? 'sts:AssumeRole'} on resource: ${request.roleArn}`
    return refuse('AccessDenied', `User: ${user} is not authorized to perform: ${lacking}`)
  }
  const limit = checkInheritance(caller, request) ?? checkDuration(role, request)
  return limit ?? startSession(request, facts)
}

function checkPolicy({ policy }: AssumeRoleRequest): StsRefusal | undefined {
  if (policy === undefined) return undefined
  const parsed = parsePolicyDocument(policy, 'iam')
  if (parsed.ok) return undefined
  return refuse(
    'MalformedPolicyDocument',
    `This policy contains invalid Json or syntax: ${parsed.problem}`,
  )
}

function checkInheritance(caller: StsCaller, request: AssumeRoleRequest): StsRefusal | undefined {
  const inherited = new Set(caller.transitiveTagKeys.map(foldTagKey))
  if (!request.tags.some(({ key }) => inherited.has(foldTagKey(key)))) return undefined
  const conflict = 'it conflicts with a transitive tag key from the calling session'
  return refuse(
    'InvalidParameterValue',
    `One of the specified tag keys can't be set because ${conflict}.`,
  )
}

function checkDuration(
  { maxSessionSeconds }: RoleDefinition,
  { durationSeconds }: AssumeRoleRequest,
): StsRefusal | undefined {
  if (!(durationSeconds <= maxSessionSeconds)) {
    const limit = 'the MaxSessionDuration set for this role.'
    return refuse('ValidationError', `The requested DurationSeconds exceeds ${limit}`)
  }
  // Whoever calls is the session of a role, the broker included.
  if (durationSeconds <= CHAINING_LIMIT_SECONDS) return undefined
  const limit = 'the 1 hour session limit for roles assumed by role chaining'
  return refuse('ValidationError', `The requested DurationSeconds exceeds ${limit}`)
}

function startSession(request: AssumeRoleRequest, facts: AssumeRoleFacts): OperationOutcome {
  const claims = claimsOf(request, facts)
  const packedPercent = packedSizePercent(request.policy, claims.tags)
  if (packedPercent !== undefined && !(packedPercent <= 100)) {
    return tooLarge(request.policy === undefined, packedPercent)
  }
  const keys = facts.keyring.issue(claims)
  const tokenPercent = Math.ceil((keys.sessionToken.length * 100) / MAX_TOKEN_CHARACTERS)
  if (!(tokenPercent <= 100)) return tooLarge(true, tokenPercent)
  return {
    ok: true,
    result: {
      SourceIdentity: claims.sourceIdentity,
      AssumedRoleUser: {
        AssumedRoleId: assumedRoleId(claims.roleArn, claims.sessionName),
        Arn: sessionArn(claims.roleArn, claims.sessionName),
      },
      Credentials: {
        AccessKeyId: keys.accessKeyId,
        SecretAccessKey: keys.secretAccessKey,
        SessionToken: keys.sessionToken,
        Expiration: new Date(claims.expiresAtSeconds * 1000).toISOString().replace('.000Z', 'Z'),
      },
      PackedPolicySize: packedPercent,
      SessionTokenUtilization: tokenPercent,
      SessionTokenSize: keys.sessionToken.length,
    },
  }
}

function claimsOf(request: AssumeRoleRequest, { caller, now }: AssumeRoleFacts): SessionClaims {
  const { policy } = request
  const sourceIdentity = request.sourceIdentity ?? caller.sourceIdentity
  const inherited: readonly SessionTag[] = caller.tags.filter(({ key }) =>
    caller.transitiveTagKeys.includes(key),
  )
  return {
    roleArn: request.roleArn,
    sessionName: request.sessionName,
    expiresAtSeconds: Math.floor(now.getTime() / 1000) + request.durationSeconds,
    tags: [...inherited, ...request.tags],
    transitiveTagKeys: [...caller.transitiveTagKeys, ...request.transitiveTagKeys],
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(policy === undefined
      ? {}
      : { policyHash: createHash('sha256').update(policy).digest('base64url') }),
  }
}

function tooLarge(onlyTags: boolean, percent: number): StsRefusal {
  const message = onlyTags
    ? `Packed size of session tags consumes ${percent}% of allotted space.`
    : `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
  return refuse('PackedPolicyTooLarge', message)
}
