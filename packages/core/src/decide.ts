import { type Authentication, authenticate } from './authenticate.ts'
import {
  createDecisionPath,
  type Decision,
  type DecisionPath,
  policyIdentityOf,
} from './decision.ts'
import { sessionDuration } from './duration.ts'
import type { Facts } from './facts.ts'
import { judgeRoleAlias } from './judge-policies.ts'
import { matchesArnPattern } from './policy/arn.ts'
import { deviceContext } from './policy/device-context.ts'
import type { RequestContext } from './policy/request-context.ts'
import type { RoleAliasRecord, ThingRecord } from './records.ts'
import type { GrantRefusal } from './refusal.ts'
import type { Circumstances, CredentialRequest } from './request.ts'
import { resolveThing } from './resolve-thing.ts'
import { composeSession } from './session/compose.ts'

/**
 * Decides one credential request. Pure: equal arguments give equal decisions.
 * The order of the steps is part of the contract: it is AWS's, and it keeps aliases from being probed, because nobody learns
 * whether an alias exists who may not assume it.
 */
export function decide(
  request: CredentialRequest,
  facts: Facts,
  circumstances: Circumstances,
): Decision {
  const path = createDecisionPath()
  const authentication = authenticate(request.certificate, facts, circumstances.now)
  if (!authentication.allow) return path.refuse('certificate', authentication.reason)
  path.pass('certificate')
  if (!facts.withinBudget) return path.refuse('budget', 'tenant-over-budget')
  path.pass('budget')
  const resolution = resolveThing(request.thingHeader, facts.thing, authentication)
  if (!resolution.allow) return path.refuse('thing', resolution.reason)
  path.pass('thing')
  const device = { request, facts, circumstances, authentication, thing: resolution.thing }
  return grantOf(device, path)
}

type Authenticated = Extract<Authentication, { allow: true }>

/** A device that was authenticated and acts for a thing of its own, or for none. */
type Device = {
  readonly request: CredentialRequest
  readonly facts: Facts
  readonly circumstances: Circumstances
  readonly authentication: Authenticated
  readonly thing: ThingRecord | undefined
}

function grantOf(device: Device, path: DecisionPath): Decision {
  const { request, facts, circumstances } = device
  const { roleAlias } = request
  if (roleAlias === undefined) return path.refuse('policy', 'alias-malformed')
  const variables = variablesOf(device)
  const question = { policies: facts.policies, thing: device.thing, context: variables }
  const judgement = judgeRoleAlias(question, circumstances.deployment, roleAlias)
  path.judge(judgement.applied, judgement.evaluation)
  if (judgement.refusal !== undefined) return path.refuse('policy', judgement.refusal)
  path.pass('policy')
  const { alias } = facts
  if (alias?.roleAlias !== roleAlias) return path.refuse('alias', 'alias-unknown')
  path.pass('alias')
  const unmet = conditionOf(alias, device)
  if (unmet !== undefined) return path.refuse('role', unmet)
  path.pass('role')
  return sessionOf(alias, device, variables, path)
}

function conditionOf(alias: RoleAliasRecord, device: Device): GrantRefusal | undefined {
  const named = device.thing !== undefined || !alias.sessionProfile.requireThingName
  if (!named) return 'thing-name-required'
  const { roleArnPatterns } = device.authentication.tenant
  const permitted = roleArnPatterns.some((pattern) => matchesArnPattern(pattern, alias.roleArn))
  return permitted ? undefined : 'role-outside-tenant'
}

function sessionOf(
  alias: RoleAliasRecord,
  device: Device,
  variables: RequestContext,
  path: DecisionPath,
): Decision {
  const { facts, thing, circumstances } = device
  const { certificate, tenant, remainingSeconds } = device.authentication
  const { certificateId, tenantId } = certificate
  const { sessionPolicies } = facts
  const composed = composeSession({
    alias,
    tenant,
    sessionPolicies,
    variables,
    certificateId,
    thing,
  })
  if (!composed.ok) return path.refuse('session', composed.reason, composed.detail)
  path.pass('session')
  const { longestSessionSeconds } = circumstances
  const wantedSeconds = alias.credentialDurationSeconds
  const duration = sessionDuration(wantedSeconds, longestSessionSeconds, remainingSeconds)
  const possible =
    wantedSeconds <= longestSessionSeconds || alias.sessionProfile.longDuration === 'clamp'
  if (!possible) return path.refuse('duration', 'duration-over-chaining-limit')
  path.pass('duration')
  const { roleAlias, roleArn } = alias
  const { rendered, ...request } = composed.session
  return path.grant({
    tenantId,
    certificateId,
    thing,
    roleAlias,
    session: { roleArn, durationSeconds: duration.givenSeconds, ...request },
    sessionPolicies: sessionPolicies.map(policyIdentityOf),
    sessionPolicy: rendered,
    duration,
  })
}

function variablesOf({ request, circumstances, thing, authentication }: Device): RequestContext {
  return deviceContext({
    certificate: request.certificate,
    ...(thing === undefined ? {} : { thing: { record: thing, attached: true } }),
    tenantId: authentication.tenant.tenantId,
    hostName: request.hostName,
    sourceIp: request.sourceIp,
    now: circumstances.now,
  })
}
