import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '@thingpass/core/ports'
import { type RawRequest, singleHeader } from '../sigv4/raw-request.ts'
import {
  CLOCK_SKEW_SECONDS,
  createVerifier,
  type FindKey,
  type KeyFinding,
  type SignatureFailure,
} from '../sigv4/verify.ts'
import { refuse, type StsErrorCode, type StsRefusal } from './answer.ts'
import type { StsCaller } from './caller.ts'
import type { SessionKeyring } from './session-keys.ts'

/** Long-lived keys of the broker. With a session token, that token must come along; without one, none may. */
export type BrokerCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Whom the local STS knows: the broker, and the sessions of its own keyring. */
export type AuthenticationSettings = {
  readonly region: string
  readonly brokerRoleArn: string
  readonly brokerCredentials: BrokerCredentials
  readonly keyring: SessionKeyring
  readonly clock: Clock
}

/** Session name of the broker. */
const BROKER_SESSION_NAME = 'local'

/** Creates the check of who sent a request; a refusal has STS's code and words. */
export function createAuthentication(
  settings: AuthenticationSettings,
): (request: RawRequest) => { readonly ok: true; readonly caller: StsCaller } | StsRefusal {
  const { region, clock } = settings
  const verify = createVerifier({
    services: ['sts'],
    regions: [region],
    pathRule: 'root-only',
    clock,
    findKey: createKeyFinder(settings),
  })
  return (request) => {
    const verification = verify(request)
    if (verification.verified) return { ok: true, caller: verification.caller }
    const { reason } = verification
    const [code, message] = REFUSALS[reason]
    return refuse(code, `${message}${skewDetail(reason, request, clock())}`)
  }
}

function createKeyFinder(settings: AuthenticationSettings): FindKey<StsCaller> {
  const { brokerCredentials, brokerRoleArn, keyring, clock } = settings
  const broker: StsCaller = {
    roleArn: brokerRoleArn,
    sessionName: BROKER_SESSION_NAME,
    tags: [],
    transitiveTagKeys: [],
    limitedByPolicy: false,
    isBroker: true,
  }
  return (accessKeyId, sessionToken) => {
    if (accessKeyId !== brokerCredentials.accessKeyId) {
      return findSession(keyring, clock, accessKeyId, sessionToken)
    }
    const { secretAccessKey, sessionToken: expected } = brokerCredentials
    const accepted = isSameToken(expected, sessionToken)
    if (!accepted) return { found: false, reason: 'token-invalid' }
    return { found: true, secretAccessKey, caller: broker }
  }
}

function isSameToken(expected: string | undefined, sent: string | undefined): boolean {
  if (expected === undefined || sent === undefined) return expected === sent
  const [one, other] = [Buffer.from(expected), Buffer.from(sent)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function findSession(
  keyring: SessionKeyring,
  clock: Clock,
  accessKeyId: string,
  sessionToken: string | undefined,
): KeyFinding<StsCaller> {
  if (sessionToken === undefined) return { found: false, reason: 'key-unknown' }
  const session = keyring.read(accessKeyId, sessionToken)
  if (session === undefined) return { found: false, reason: 'token-invalid' }
  const { claims, secretAccessKey } = session
  const live = clock().getTime() < claims.expiresAtSeconds * 1000
  if (!live) return { found: false, reason: 'token-expired' }
  const { policyHash, expiresAtSeconds: _, ...identity } = claims
  const caller = { ...identity, limitedByPolicy: policyHash !== undefined, isBroker: false }
  return { found: true, secretAccessKey, caller }
}

type Refusal = readonly [StsErrorCode, string]

const WRONG_SCOPE = 'Credential should be scoped to '
const UNKNOWN: Refusal = [
  'InvalidClientTokenId',
  'The security token included in the request is invalid.',
]

/** What STS says to each failure. Source: STS API reference, "Common Error Types"; wording as in AWS's answers. */
const REFUSALS: Readonly<Record<SignatureFailure, Refusal>> = {
  'authorization-missing': [
    'MissingAuthenticationToken',
    'Request is missing Authentication Token',
  ],
  'authorization-malformed': [
    'IncompleteSignature',
    'Authorization header is not one of AWS4-HMAC-SHA256 with Credential, SignedHeaders, Signature.',
  ],
  'date-malformed': ['IncompleteSignature', 'The request needs one valid X-Amz-Date header.'],
  'scope-date-differs': [
    'SignatureDoesNotMatch',
    'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
  ],
  'service-not-accepted': ['SignatureDoesNotMatch', `${WRONG_SCOPE}correct service: 'sts'.`],
  'region-not-accepted': ['SignatureDoesNotMatch', `${WRONG_SCOPE}a valid region.`],
  'header-not-signed': [
    'SignatureDoesNotMatch',
    "'Host' and every 'X-Amz-' header must be a 'SignedHeader' in the AWS Authorization.",
  ],
  'signed-header-missing': [
    'SignatureDoesNotMatch',
    'A header that is named in SignedHeaders is not in the request.',
  ],
  'token-repeated': UNKNOWN,
  'signature-expired': ['SignatureDoesNotMatch', 'Signature expired: '],
  'signature-not-yet-current': ['SignatureDoesNotMatch', 'Signature not yet current: '],
  'key-unknown': UNKNOWN,
  'token-invalid': UNKNOWN,
  'token-expired': ['ExpiredToken', 'The security token included in the request is expired'],
  'target-malformed': ['SignatureDoesNotMatch', 'The path or query of the request is malformed.'],
  'signature-mismatch': [
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  ],
}

/** Completes the two messages of a clock that is off: whoever reads them has to see both times. */
function skewDetail(reason: SignatureFailure, request: RawRequest, now: Date): string {
  const sent = singleHeader(request.headers, 'x-amz-date') ?? ''
  const minutes = CLOCK_SKEW_SECONDS / 60
  if (reason === 'signature-expired') {
    return `${sent} is now earlier than ${shiftedDate(now, -1)} (${shiftedDate(now, 0)} - ${minutes} min.)`
  }
  if (reason !== 'signature-not-yet-current') return ''
  return `${sent} is still later than ${shiftedDate(now, 1)} (${shiftedDate(now, 0)} + ${minutes} min.)`
}

function shiftedDate(now: Date, skews: number): string {
  const shifted = new Date(now.getTime() + skews * CLOCK_SKEW_SECONDS * 1000)
  return shifted.toISOString().replace(/[-:]|\.\d{3}/g, '')
}
