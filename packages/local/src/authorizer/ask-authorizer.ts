import {
  AUTHORIZER_FORMATS,
  type AuthorizerPorts,
  createAuthorizerHandler,
} from '@thingpass/functions/authorizer/authorizer'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { SentRequest } from '../gateway/start-gateway.ts'
import { type ApiPlace, httpAuthorizerEvent, restAuthorizerEvent } from './authorizer-event.ts'
import {
  type Passage,
  passageOfFailure,
  passageOfPolicy,
  passageOfRestPolicy,
  passageOfSimple,
} from './gateway-answer.ts'

/** Asks an authorizer about one request, as a gateway does; never rejects. */
export type AskAuthorizer = (event: APIGatewayProxyEventV2, sent: SentRequest) => Promise<Passage>

/** The name of a format that the deployed authorizer has. */
export type AuthorizerFormatName = keyof typeof AUTHORIZER_FORMATS

/** What an HTTP API says where its authorizer failed, and what a REST API says. */
const HTTP_FAILURE = 'Internal Server Error'
const REST_FAILURE = null

/** Makes the gateway's question in one of the formats, to the deployed authorizer over the given ports. No answer is cached. */
export function createAskAuthorizer(
  format: AuthorizerFormatName,
  ports: AuthorizerPorts,
  place: ApiPlace,
): AskAuthorizer {
  return ASKING[format](ports, place)
}

const ASKING: Readonly<
  Record<AuthorizerFormatName, (ports: AuthorizerPorts, place: ApiPlace) => AskAuthorizer>
> = {
  'http-simple': (ports, place) => {
    const authorizer = createAuthorizerHandler(ports, AUTHORIZER_FORMATS['http-simple'])
    return (event) =>
      settled(HTTP_FAILURE, async () =>
        passageOfSimple(await authorizer(httpAuthorizerEvent(event, place))),
      )
  },
  'http-iam': (ports, place) => {
    const authorizer = createAuthorizerHandler(ports, AUTHORIZER_FORMATS['http-iam'])
    return (event) =>
      settled(HTTP_FAILURE, async () => {
        const question = httpAuthorizerEvent(event, place)
        return passageOfPolicy(await authorizer(question), question.routeArn)
      })
  },
  rest: (ports, place) => {
    const authorizer = createAuthorizerHandler(ports, AUTHORIZER_FORMATS.rest)
    return (event, sent) =>
      settled(REST_FAILURE, async () => {
        const question = restAuthorizerEvent(event, sent, place)
        return passageOfRestPolicy(await authorizer(question), question.methodArn)
      })
  },
}

/** Whatever fails, nobody is let in. */
async function settled(words: string | null, ask: () => Promise<Passage>): Promise<Passage> {
  try {
    return await ask()
  } catch (thrown) {
    return passageOfFailure(thrown, words)
  }
}
