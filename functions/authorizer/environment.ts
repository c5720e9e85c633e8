import { Fault } from '@thingpass/core/fault'
import { type CredentialsEnvironment, readEnvironment } from '../credentials/environment.ts'
import { AUTHORIZER_FORMATS, type AuthorizerSettings } from './authorizer.ts'

/** How an authorizer function is set. */
export type AuthorizerEnvironment = Omit<CredentialsEnvironment, 'settings'> & {
  readonly settings: AuthorizerSettings
  readonly format: keyof typeof AUTHORIZER_FORMATS
}

/** Name of a thing's attribute. Source: AWS IoT API model (AttributeName). */
const ATTRIBUTE_NAME = /^[a-zA-Z0-9_.,@/:#-]{1,128}$/

/**
 * Reads the environment variables of the credentials function, and two more: `THINGPASS_AUTHORIZER_FORMAT` (`http-simple`, `http-iam` or
 * `rest`: what the API was told to expect) and, optional, `THINGPASS_AUTHORIZER_ATTRIBUTES` (names of thing attributes, with spaces).
 * @throws {Fault} CONFIGURATION_INVALID
 */
export function readAuthorizerEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): AuthorizerEnvironment {
  const { settings, ...rest } = readEnvironment(environment)
  const { deployment, hostNames, deadlineMilliseconds } = settings
  const format = environment.THINGPASS_AUTHORIZER_FORMAT
  if (!isFormat(format)) throw invalid('THINGPASS_AUTHORIZER_FORMAT')
  const names = environment.THINGPASS_AUTHORIZER_ATTRIBUTES ?? ''
  const attributeNames = names === '' ? [] : names.split(' ')
  if (!attributeNames.every((name) => ATTRIBUTE_NAME.test(name))) {
    throw invalid('THINGPASS_AUTHORIZER_ATTRIBUTES')
  }
  return {
    ...rest,
    format,
    settings: { deployment, hostNames, deadlineMilliseconds, attributeNames },
  }
}

function isFormat(text: string | undefined): text is keyof typeof AUTHORIZER_FORMATS {
  return text !== undefined && Object.hasOwn(AUTHORIZER_FORMATS, text)
}

function invalid(name: string): Fault {
  return new Fault(
    'CONFIGURATION_INVALID',
    `the environment variable ${name} is missing or invalid`,
  )
}
