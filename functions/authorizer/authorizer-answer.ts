import type { ApiIdentity } from '@thingpass/core/authorize-api'
import { Fault } from '@thingpass/core/fault'
import type { RefusalReason } from '@thingpass/core/refusal'
import type { AuthorizerRequest } from './authorizer-request.ts'

/** What was decided about one request. */
export type Verdict =
  | { readonly kind: 'allowed'; readonly identity: ApiIdentity; readonly apiArn: string }
  | {
      readonly kind: 'refused'
      readonly reason: RefusalReason
      /** Of whom it is known. */
      readonly certificateId?: string
    }

/** What the API behind the gateway is told; REST APIs hand on texts only. */
export type AuthorizerContext = Readonly<Record<string, string>>

/** The answer to an HTTP API whose authorizer has simple answers enabled. */
export type SimpleAnswer =
  | { readonly isAuthorized: true; readonly context: AuthorizerContext }
  | { readonly isAuthorized: false }

/** The answer to a REST API, or to an HTTP API without simple answers. */
export type PolicyAnswer = {
  readonly principalId: string
  readonly policyDocument: {
    readonly Version: '2012-10-17'
    readonly Statement: readonly [
      {
        readonly Effect: 'Allow' | 'Deny'
        readonly Action: 'execute-api:Invoke'
        readonly Resource: string
      },
    ]
  }
  readonly context?: AuthorizerContext
}

/** The principal of a request that presented no certificate that can be read. */
const UNIDENTIFIED = 'unidentified'

/** Writes a simple answer. `isAuthorized` is a boolean: the text "false" would not be one. */
export function simpleAnswer(verdict: Verdict): SimpleAnswer {
  return verdict.kind === 'allowed'
    ? { isAuthorized: true, context: { ...verdict.identity } }
    : { isAuthorized: false }
}

/**
 * Writes a policy answer for exactly the one route that was asked for, so that a cached one opens no other. What was decided on must
 * be what API Gateway asks about.
 * @throws {Fault} EVENT_UNREADABLE when an allowed route has another ARN at API Gateway
 */
export function policyAnswer(
  verdict: Verdict,
  { gatewayArn }: Pick<AuthorizerRequest, 'gatewayArn'>,
): PolicyAnswer {
  if (verdict.kind === 'refused') {
    return answerOf(verdict.certificateId ?? UNIDENTIFIED, 'Deny', gatewayArn)
  }
  const { identity, apiArn } = verdict
  if (gatewayArn !== apiArn) {
    throw new Fault('EVENT_UNREADABLE', "the event's ARN is not that of its API, stage and path")
  }
  return { ...answerOf(identity.certificateId, 'Allow', apiArn), context: { ...identity } }
}

function answerOf(
  principalId: string,
  effect: 'Allow' | 'Deny',
  resource: string,
): Omit<PolicyAnswer, 'context'> {
  return {
    principalId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: effect, Action: 'execute-api:Invoke', Resource: resource }],
    },
  }
}
