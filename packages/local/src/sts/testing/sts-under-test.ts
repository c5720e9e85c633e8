import { collectHeaders, type RawRequest } from '../../sigv4/raw-request.ts'
import { signRequest } from '../../sigv4/sign.ts'
import { createLocalSts, type LocalStsSettings, type StsRequest } from '../local-sts.ts'
import type { RoleDefinition, RoleEntry } from '../roles-file.ts'
import { parseRoles } from '../roles-file.ts'

export const NOON = new Date('2026-03-01T12:00:00.789Z')
export const ACCOUNT = '123456789012'
export const REGION = 'eu-central-1'
export const BROKER_ARN = `arn:aws:iam::${ACCOUNT}:role/thingpass-credentials`
export const BROKER_SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/thingpass-credentials/local`
export const BROKER_KEYS: Keys = {
  accessKeyId: 'AKIALOCALBROKER00001',
  secretAccessKey: 'broker-secret-broker-secret-broker-secre',
}
export const CAMERA_ARN = `arn:aws:iam::${ACCOUNT}:role/fleet/camera`

/** Keys that a request is signed with. */
export type Keys = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A role that trusts the broker with everything. */
export const CAMERA: RoleEntry = {
  arn: CAMERA_ARN,
  trustPolicy: trust({ AWS: BROKER_ARN }),
  maxSessionDuration: 7200,
}

/** A trust policy of one statement that allows all three actions, with changes. */
export function trust(principal: unknown, changed: object = {}): object {
  const Action = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']
  const statement = { Effect: 'Allow', Principal: principal, Action, ...changed }
  return { Version: '2012-10-17', Statement: [statement] }
}

/** Reads entries as a roles file would be read. */
export function rolesOf(...entries: RoleEntry[]): readonly RoleDefinition[] {
  const parsed = parseRoles(JSON.stringify(entries))
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}

/** Settings of a local STS at noon that knows the role `camera`. */
export function settingsOf(changed: Partial<LocalStsSettings> = {}): LocalStsSettings {
  return {
    accountId: ACCOUNT,
    region: REGION,
    brokerRoleName: 'thingpass-credentials',
    brokerCredentials: BROKER_KEYS,
    roles: () => rolesOf(CAMERA),
    signingKey: Buffer.alloc(32, 7),
    clock: () => NOON,
    log: () => undefined,
    ...changed,
  }
}

/** An answer, with what tests look at read out of the XML. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Text of the first element of a name, entities resolved. */
  readonly text: (element: string) => string | undefined
  readonly code: string | undefined
  readonly message: string | undefined
  /** Keys of the session that was issued. */
  readonly keys: () => Keys
}

export const ASSUME_CAMERA: Readonly<Record<string, string>> = {
  Action: 'AssumeRole',
  Version: '2011-06-15',
  RoleArn: CAMERA_ARN,
  RoleSessionName: 'device-1',
}
export const WHO_AM_I: Readonly<Record<string, string>> = {
  Action: 'GetCallerIdentity',
  Version: '2011-06-15',
}

/** Writes parameters as a form. */
export function formOf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}

/** A signed POST of a form. */
export function signedPost(
  form: string,
  keys: Keys = BROKER_KEYS,
  changed: Partial<RawRequest> = {},
  now = NOON,
): StsRequest {
  const request: RawRequest = {
    method: 'POST',
    path: '/',
    query: '',
    headers: collectHeaders([
      'Host',
      '127.0.0.1:4566',
      'Content-Type',
      'application/x-www-form-urlencoded',
    ]),
    body: Buffer.from(form),
    ...changed,
  }
  const signing = { ...keys, region: REGION, service: 'sts', pathRule: 'root-only', now } as const
  return { ...(signRequest(request, signing) ?? request), sourceIp: '127.0.0.1' }
}

/** A local STS that is called without a network. */
export function createStsUnderTest(changed: Partial<LocalStsSettings> = {}) {
  const settings = settingsOf(changed)
  const handle = createLocalSts(settings)
  const send = (request: StsRequest) => readAnswer(handle(request))
  return {
    send,
    call: (parameters: Readonly<Record<string, string>>, keys: Keys = BROKER_KEYS) =>
      send(signedPost(formOf(parameters), keys, {}, settings.clock())),
    assume: (parameters: Readonly<Record<string, string>> = {}, keys: Keys = BROKER_KEYS) =>
      send(signedPost(formOf({ ...ASSUME_CAMERA, ...parameters }), keys, {}, settings.clock())),
  }
}

function readAnswer(answer: Pick<Answer, 'status' | 'headers' | 'body'>): Answer {
  const text = (element: string) => {
    const [, value] = answer.body.match(new RegExp(`<${element}>([^<]*)</${element}>`)) ?? []
    return value
      ?.replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&')
  }
  return {
    ...answer,
    text,
    code: text('Code'),
    message: text('Message'),
    keys: () => ({
      accessKeyId: text('AccessKeyId') ?? '',
      secretAccessKey: text('SecretAccessKey') ?? '',
      sessionToken: text('SessionToken') ?? '',
    }),
  }
}
