/** What a device is granted. */
export type DeviceCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

/** Reads the body of a 200; undefined when a part is missing or is not what it should be. Further members are of no account. */
export function readDeviceCredentials(body: string): DeviceCredentials | undefined {
  const answer = parseJson(body)
  const credentials = memberOf(answer, 'credentials')
  const text = (name: string) => {
    const value = memberOf(credentials, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const accessKeyId = text('accessKeyId')
  const secretAccessKey = text('secretAccessKey')
  const sessionToken = text('sessionToken')
  const expiration = readInstant(text('expiration'))
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  if (sessionToken === undefined || expiration === undefined) return undefined
  return { accessKeyId, secretAccessKey, sessionToken, expiration }
}

/** What the SDKs' `credential_process` setting takes. Source: AWS SDKs and Tools Reference Guide, "Process credential provider". */
export function processOutput(credentials: DeviceCredentials): string {
  return `${JSON.stringify({
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: wholeSeconds(credentials.expiration),
  })}\n`
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/

/** Takes an instant of ISO 8601 in UTC; a day that no calendar has is none. */
export function readInstant(text: unknown): Date | undefined {
  if (typeof text !== 'string' || !INSTANT.test(text)) return undefined
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** Takes one member of what JSON gave; undefined where it is no object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}

/** Undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Cut off, never rounded up: nothing is said to last longer than it does. */
function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}
