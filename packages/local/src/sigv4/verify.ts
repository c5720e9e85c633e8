import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '@thingpass/core/ports'
import { type Authorization, parseAuthorization } from './authorization.ts'
import { canonicalRequest, type PathRule } from './canonical-request.ts'
import { type RawRequest, singleHeader } from './raw-request.ts'
import { computeSignature } from './signature.ts'

/** Why the holder of an access key was not recognised. */
export type KeyFailure = 'key-unknown' | 'token-invalid' | 'token-expired'

/** Why a request's signature was not accepted: a closed union, in the order of the checks. */
export type SignatureFailure =
  | 'authorization-missing'
  | 'authorization-malformed'
  | 'date-malformed'
  | 'scope-date-differs'
  | 'service-not-accepted'
  | 'region-not-accepted'
  | 'header-not-signed'
  | 'signed-header-missing'
  | 'token-repeated'
  | 'signature-expired'
  | 'signature-not-yet-current'
  | KeyFailure
  | 'target-malformed'
  | 'signature-mismatch'

/** What is known of an access key: who holds it and with which secret. */
export type KeyFinding<Caller> =
  | { readonly found: true; readonly secretAccessKey: string; readonly caller: Caller }
  | { readonly found: false; readonly reason: KeyFailure }

/**
 * Looks an access key up. The session token is what the request carries, undefined when it carries none: whether it must
 * be there, and be which, is for this function to say.
 */
export type FindKey<Caller> = (
  accessKeyId: string,
  sessionToken: string | undefined,
) => KeyFinding<Caller>

/** Who signed a request, or why nobody is believed to have. */
export type Verification<Caller> =
  | {
      readonly verified: true
      readonly caller: Caller
      readonly accessKeyId: string
      readonly region: string
      readonly service: string
    }
  | { readonly verified: false; readonly reason: SignatureFailure }

/** What a verifier accepts. */
export type VerifierSettings<Caller> = {
  /** Service names that the credential scope may carry. */
  readonly services: readonly string[]
  /** Regions that the credential scope may carry. */
  readonly regions: readonly string[]
  readonly pathRule: PathRule
  readonly clock: Clock
  readonly findKey: FindKey<Caller>
}

/** How far a request's date may be from ours, either way. Source: AWS IAM User Guide, "Troubleshoot signed requests". */
export const CLOCK_SKEW_SECONDS = 900

const AMZ_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/

/** Creates the check of requests signed with AWS Signature Version 4 in the `Authorization` header. */
export function createVerifier<Caller>(
  settings: VerifierSettings<Caller>,
): (request: RawRequest) => Verification<Caller> {
  return (request) => {
    const claim = readClaim(request)
    if (typeof claim === 'string') return refuse(claim)
    const failure =
      checkScope(claim, settings) ?? checkHeaders(request, claim) ?? checkAge(claim, settings.clock)
    if (failure !== undefined) return refuse(failure)
    const key = settings.findKey(claim.accessKeyId, singleHeader(request.headers, TOKEN))
    if (!key.found) return refuse(key.reason)
    const mismatch = checkSignature(request, claim, settings.pathRule, key.secretAccessKey)
    if (mismatch !== undefined) return refuse(mismatch)
    const { region, service } = claim.scope
    return {
      verified: true,
      caller: key.caller,
      accessKeyId: claim.accessKeyId,
      region,
      service,
    }
  }
}

const TOKEN = 'x-amz-security-token'

/** Header prefix whose every header must be signed: it holds date, token, and the principals that operations act on. */
const ALWAYS_SIGNED = /^x-amz/
/** Added on the way by proxies; AWS's own signers leave it out. */
const NEVER_SIGNED = 'x-amzn-trace-id'

type Claim = Authorization & { readonly amzDate: string; readonly signedAt: Date }

function refuse(reason: SignatureFailure): { readonly verified: false; reason: SignatureFailure } {
  return { verified: false, reason }
}

function readClaim(request: RawRequest): Claim | SignatureFailure {
  if (!request.headers.has('authorization')) return 'authorization-missing'
  const authorization = parseAuthorization(singleHeader(request.headers, 'authorization') ?? '')
  if (authorization === undefined) return 'authorization-malformed'
  const amzDate = singleHeader(request.headers, 'x-amz-date') ?? ''
  const signedAt = parseAmzDate(amzDate)
  return signedAt === undefined ? 'date-malformed' : { ...authorization, amzDate, signedAt }
}

/** Parses `YYYYMMDDTHHMMSSZ`; a day that no calendar has is refused. */
function parseAmzDate(text: string): Date | undefined {
  if (!AMZ_DATE.test(text)) return undefined
  const iso = text.replace(AMZ_DATE, '$1-$2-$3T$4:$5:$6.000Z')
  const date = new Date(iso)
  const exact = !Number.isNaN(date.getTime()) && date.toISOString() === iso
  return exact ? date : undefined
}

function checkScope<Caller>(
  { scope, amzDate }: Claim,
  { services, regions }: VerifierSettings<Caller>,
): SignatureFailure | undefined {
  if (scope.date !== amzDate.slice(0, 8)) return 'scope-date-differs'
  if (!services.includes(scope.service)) return 'service-not-accepted'
  if (!regions.includes(scope.region)) return 'region-not-accepted'
  return undefined
}

function checkHeaders(
  { headers }: RawRequest,
  { signedHeaders }: Claim,
): SignatureFailure | undefined {
  const isSigned = (name: string) => signedHeaders.includes(name)
  const mustBeSigned = [...headers.keys()].filter(
    (name) => ALWAYS_SIGNED.test(name) && name !== NEVER_SIGNED,
  )
  if (!isSigned('host') || !mustBeSigned.every(isSigned)) return 'header-not-signed'
  if (!signedHeaders.every((name) => headers.has(name))) return 'signed-header-missing'
  const tokens = headers.get(TOKEN) ?? []
  return tokens.length <= 1 ? undefined : 'token-repeated'
}

function checkAge({ signedAt }: Claim, clock: Clock): SignatureFailure | undefined {
  const ageSeconds = (clock().getTime() - signedAt.getTime()) / 1000
  if (!(ageSeconds <= CLOCK_SKEW_SECONDS)) return 'signature-expired'
  return ageSeconds >= -CLOCK_SKEW_SECONDS ? undefined : 'signature-not-yet-current'
}

function checkSignature(
  request: RawRequest,
  claim: Claim,
  pathRule: PathRule,
  secretAccessKey: string,
): SignatureFailure | undefined {
  const canonical = canonicalRequest(request, claim.signedHeaders, pathRule)
  if (canonical === undefined) return 'target-malformed'
  const expected = computeSignature(canonical, claim.amzDate, claim.scope, secretAccessKey)
  // The parser let only 64 hex digits through, so both sides are 32 bytes.
  const equal = timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'))
  return equal ? undefined : 'signature-mismatch'
}
