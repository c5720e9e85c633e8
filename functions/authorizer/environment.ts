import { type CredentialsEnvironment, readEnvironment } from '../credentials/environment.ts'
import { type Environment, variablesOf } from '../environment/variables.ts'
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
export function readAuthorizerEnvironment(environment: Environment): AuthorizerEnvironment {
  const { settings, ...rest } = readEnvironment(environment)
  const { deployment, hostNames, deadlineMilliseconds } = settings
  const read = variablesOf(environment)
  const attributeNames = read('THINGPASS_AUTHORIZER_ATTRIBUTES', parseAttributeNames)
  return {
    ...rest,
    format: read('THINGPASS_AUTHORIZER_FORMAT', parseFormat),
    settings: { deployment, hostNames, deadlineMilliseconds, attributeNames },
  }
}

function parseFormat(text: string | undefined): keyof typeof AUTHORIZER_FORMATS | undefined {
  return isFormat(text) ? text : undefined
}

function isFormat(text: string | undefined): text is keyof typeof AUTHORIZER_FORMATS {
  return text !== undefined && Object.hasOwn(AUTHORIZER_FORMATS, text)
}

function parseAttributeNames(text = ''): readonly string[] | undefined {
  const names = text === '' ? [] : text.split(' ')
  return names.every((name) => ATTRIBUTE_NAME.test(name)) ? names : undefined
}
