import { matchesArnPattern } from '@thingpass/core/policy/arn'
import type { PolicyAnswer, SimpleAnswer } from '@thingpass/functions/authorizer/authorizer-answer'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** What a gateway makes of an authorizer's answer: the identity to hand on, or an answer in the API's place. */
export type Passage =
  | { readonly passes: true; readonly context: Readonly<Record<string, string>> }
  | { readonly passes: false; readonly answer: APIGatewayProxyStructuredResultV2 }

/** An answer of the gateway's own. */
export function gatewayAnswer(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return { statusCode, body: JSON.stringify(body) }
}

const stopped = (statusCode: number, body: object): Passage => ({
  passes: false,
  answer: gatewayAnswer(statusCode, body),
})

/** What an HTTP API makes of a simple answer. Only the boolean lets anybody in: the text "false" would be true. */
export function passageOfSimple(answer: SimpleAnswer): Passage {
  return answer.isAuthorized === true
    ? { passes: true, context: answer.context }
    : stopped(403, { message: 'Forbidden' })
}

/** What an HTTP API makes of a policy answer about an ARN. */
export function passageOfPolicy(answer: PolicyAnswer, arn: string): Passage {
  return verdictOf(answer, arn) === 'Allow'
    ? { passes: true, context: answer.context ?? {} }
    : stopped(403, { message: 'Forbidden' })
}

const NOT_AUTHORIZED = 'User is not authorized to access this resource'

/** What a REST API makes of a policy answer about an ARN. Its words are those that AWS's own answers show; clients read the status. */
export function passageOfRestPolicy(answer: PolicyAnswer, arn: string): Passage {
  const verdict = verdictOf(answer, arn)
  if (verdict === 'Allow') return { passes: true, context: answer.context ?? {} }
  const explicitly = verdict === 'Deny' ? ' with an explicit deny' : ''
  return stopped(403, { Message: `${NOT_AUTHORIZED}${explicitly}` })
}

/**
 * What a gateway makes of an authorizer that failed: 500, and 401 for an error of the text `Unauthorized`.
 * Source: AWS API Gateway developer guide, "Control access to HTTP APIs with AWS Lambda authorizers"; gateway response types.
 */
export function passageOfFailure(thrown: unknown, words: string | null): Passage {
  const anonymous = thrown instanceof Error && thrown.message === 'Unauthorized'
  return anonymous ? stopped(401, { message: 'Unauthorized' }) : stopped(500, { message: words })
}

function verdictOf({ policyDocument }: PolicyAnswer, arn: string): 'Allow' | 'Deny' | undefined {
  const effects = policyDocument.Statement.filter(({ Resource }) =>
    matchesArnPattern(Resource, arn),
  ).map(({ Effect }) => Effect)
  return effects.includes('Deny') ? 'Deny' : effects[0]
}
