import { Fault } from '@thingpass/core/fault'
import type { StaticCredentials } from '../clients.ts'

/** What the lean adapters take from a function's environment. */
export type LeanEnvironment = {
  /** The function's role's; a Lambda environment keeps the same until it ends. Source: Lambda Developer Guide, execution environment. */
  readonly credentials: StaticCredentials
  readonly dynamodbEndpoint: string | undefined
  readonly stsEndpoint: string | undefined
}

/** Host names that only the SDK's endpoint rules know. */
const VARIANTS = ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT']

/**
 * Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, and the SDK's own variables for other endpoints:
 * `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`.
 * @throws {Fault} CONFIGURATION_INVALID
 */
export function readLeanEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): LeanEnvironment {
  const variant = VARIANTS.find((name) => environment[name]?.toLowerCase() === 'true')
  if (variant !== undefined) throw invalid(`${variant} needs the adapters of the SDK`)
  const read = (name: string) => {
    const value = environment[name] ?? ''
    if (/^[\x21-\x7e]{1,8192}$/.test(value)) return value
    throw invalid(`the environment variable ${name} is missing or invalid`)
  }
  const { AWS_SESSION_TOKEN: token, AWS_ENDPOINT_URL: everywhere } = environment
  return {
    credentials: {
      accessKeyId: read('AWS_ACCESS_KEY_ID'),
      secretAccessKey: read('AWS_SECRET_ACCESS_KEY'),
      ...(token !== undefined && { sessionToken: read('AWS_SESSION_TOKEN') }),
    },
    dynamodbEndpoint: environment.AWS_ENDPOINT_URL_DYNAMODB ?? everywhere,
    stsEndpoint: environment.AWS_ENDPOINT_URL_STS ?? everywhere,
  }
}

function invalid(what: string): Fault {
  return new Fault('CONFIGURATION_INVALID', what)
}
