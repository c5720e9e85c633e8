import { authenticate } from './authenticate.ts'
import { isUnambiguousPath } from './authorize-api-path.ts'
import type { CertificateFacts } from './certificate-facts.ts'
import { policyIdentityOf } from './decision.ts'
import type { RegistryFacts } from './facts.ts'
import { judgePolicies } from './judge-policies.ts'
import type { CertificateId, TenantId, ThingName, ThingTypeName } from './names.ts'
import { matchesArnPattern } from './policy/arn.ts'
import { deviceContext } from './policy/device-context.ts'
import type { RequestContext } from './policy/request-context.ts'
import type { StatementTrace } from './policy/trace.ts'
import type { PolicyIdentity, TenantRecord, ThingRecord } from './records.ts'
import type { ApiDenyReason } from './refusal.ts'
import type { Circumstances, Deployment, ThingHeader } from './request.ts'
import { resolveThing } from './resolve-thing.ts'

const ACTION = 'execute-api:Invoke'

/** Upper-case, as every method that API Gateway routes: a `get` that a policy's Deny on `GET` misses might still be served as one. */
const METHOD = /^[A-Z]{1,20}$/

/** UTF-8 bytes of the attributes' JSON; API Gateway bounds the whole answer of an authorizer at 8 KB. */
const LARGEST_ATTRIBUTES_BYTES = 4096

/** What somebody asks a guarded API for. Path and method are the front door's; the query takes no part. */
export type ApiRoute = {
  readonly apiId: string
  readonly stage: string
  readonly method: string
  readonly path: string
}

/** One request to an API that the authorizer guards. */
export type ApiRequest = {
  readonly certificate: CertificateFacts
  readonly thingHeader: ThingHeader
  readonly route: ApiRoute
  /** Host that the device connected to, lower-case, without port. */
  readonly hostName: string
  /** Textual IPv4 or IPv6 address. */
  readonly sourceIp: string
}

/** What `authorizeApi()` judges by. */
export type ApiFacts = RegistryFacts & {
  /** Whether the CA's key made the certificate's signature; false where there is no CA. */
  readonly signedByCa: boolean
}

/** What a decision on an API needs beside request and facts. */
export type ApiCircumstances = Pick<Circumstances, 'now' | 'deployment'> & {
  /** Names of the thing's attributes that the API is told. */
  readonly attributeNames: readonly string[]
}

/** Who calls, as the API behind the authorizer is told. */
export type ApiIdentity = {
  readonly tenantId: TenantId
  readonly certificateId: CertificateId
  readonly thingName?: ThingName
  readonly thingTypeName?: ThingTypeName
  /** JSON object of the chosen attributes that the thing has, at most 4096 bytes; present with a thing. */
  readonly attributes?: string
}

/** The decision on one request to an API. */
export type ApiDecision = {
  /** The IoT policies that were taken into account; empty when a step before them refused. */
  readonly policies: readonly PolicyIdentity[]
  /** How each of their statements stood. */
  readonly statements: readonly StatementTrace[]
  /** Present once method and path were found to have one reading. */
  readonly apiArn?: string
} & (
  | { readonly allow: true; readonly apiArn: string; readonly identity: ApiIdentity }
  | { readonly allow: false; readonly reason: ApiDenyReason }
)

/**
 * Decides one request to a guarded API. Pure: equal arguments give equal decisions. Device policies and the tenant's API patterns
 * must both allow it, so that `"Action": "*"` in a tenant's policy opens no API that the administrator did not give the tenant.
 */
export function authorizeApi(
  request: ApiRequest,
  facts: ApiFacts,
  circumstances: ApiCircumstances,
): ApiDecision {
  const authentication = authenticate(request.certificate, facts, circumstances.now)
  if (!authentication.allow) return refuse(authentication.reason)
  const { tenant } = authentication
  const resolution = resolveThing(request.thingHeader, facts.thing, authentication)
  if (!resolution.allow) return refuse(resolution.reason)
  const { thing } = resolution
  const named = thing !== undefined || !tenant.authorizerRequiresThing
  if (!named) return refuse('thing-name-required')
  const { route } = request
  if (!METHOD.test(route.method)) return refuse('method-malformed')
  if (!isUnambiguousPath(route.path)) return refuse('path-ambiguous')
  return judgeRoute({ request, facts, tenant, thing }, circumstances)
}

/** The condition keys of a device at a guarded API. */
export function apiContext(
  request: Pick<ApiRequest, 'certificate' | 'hostName' | 'sourceIp'>,
  device: { readonly tenantId: TenantId; readonly thing: ThingRecord | undefined },
  now: Date,
): RequestContext {
  const { certificate, hostName, sourceIp } = request
  const { tenantId, thing } = device
  const attached = thing === undefined ? {} : { thing: { record: thing, attached: true } }
  return deviceContext({ certificate, ...attached, tenantId, hostName, sourceIp, now })
}

type Device = {
  readonly request: ApiRequest
  readonly facts: ApiFacts
  readonly tenant: TenantRecord
  readonly thing: ThingRecord | undefined
}

function refuse(reason: ApiDenyReason): ApiDecision {
  return { allow: false, reason, policies: [], statements: [] }
}

function judgeRoute(
  { request, facts, tenant, thing }: Device,
  { now, deployment, attributeNames }: ApiCircumstances,
): ApiDecision {
  const { tenantId } = tenant
  const apiArn = arnOf(deployment, request.route)
  const context = apiContext(request, { tenantId, thing }, now)
  const { policies } = facts
  const judgement = judgePolicies({ policies, thing, context }, ACTION, apiArn)
  const record = {
    policies: judgement.applied.map(policyIdentityOf),
    statements: judgement.evaluation.trace,
    apiArn,
  }
  const denied = (reason: ApiDenyReason): ApiDecision => ({ allow: false, reason, ...record })
  if (judgement.refusal !== undefined) return denied(judgement.refusal)
  const given = tenant.apiArnPatterns.some((pattern) => matchesArnPattern(pattern, apiArn))
  if (!given) return denied('api-outside-tenant')
  const { certificateId } = request.certificate
  const identity = { tenantId, certificateId, ...thingIdentity(thing, attributeNames) }
  const { attributes } = identity
  const fits = attributes === undefined || utf8Bytes(attributes) <= LARGEST_ATTRIBUTES_BYTES
  return fits ? { allow: true, identity, ...record } : denied('attributes-too-large')
}

function arnOf({ partition, region, accountId }: Deployment, route: ApiRoute): string {
  const { apiId, stage, method, path } = route
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}${path}`
}

function thingIdentity(
  thing: ThingRecord | undefined,
  attributeNames: readonly string[],
): Pick<ApiIdentity, 'thingName' | 'thingTypeName' | 'attributes'> {
  if (thing === undefined) return {}
  const { thingName, thingTypeName } = thing
  // JSON leaves out what the thing does not have.
  const chosen = attributeNames.map((name) => [name, thing.attributes.get(name)] as const)
  return {
    thingName,
    ...(thingTypeName === undefined ? {} : { thingTypeName }),
    attributes: JSON.stringify(Object.fromEntries(chosen)),
  }
}

/** Bytes of a text in UTF-8. JSON escapes lone surrogates, so that none is counted here. */
function utf8Bytes(text: string): number {
  return Array.from(text).reduce((bytes, character) => bytes + widthOf(character), 0)
}

function widthOf(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
