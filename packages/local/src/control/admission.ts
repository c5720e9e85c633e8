import { type QueryPair, readQueryPairs } from '../sigv4/query-pairs.ts'
import type { RawRequest } from '../sigv4/raw-request.ts'
import { singleHeader } from '../sigv4/raw-request.ts'
import type { SignatureFailure, Verification } from '../sigv4/verify.ts'
import { type ControlCaller, mayCall } from './access-keys.ts'

/** Why a request does not reach the control plane: API Gateway's answer, or ours where API Gateway has none. */
export type AdmissionRefusal = {
  readonly status: 400 | 403 | 413
  readonly code: string
  readonly message: string
}

/** A request that may reach the control plane, or why it may not. */
export type Admission =
  | {
      readonly admitted: true
      readonly caller: ControlCaller
      /** The parameters, as they were signed. */
      readonly query: readonly QueryPair[]
    }
  | { readonly admitted: false; readonly refusal: AdmissionRefusal }

/** Makes the check that stands where IAM authorization stands in a deployment. */
export function createAdmission(
  verify: (request: RawRequest) => Verification<ControlCaller>,
): (request: RawRequest) => Admission {
  return (request) => {
    const foreign = foreignness(request)
    if (foreign !== undefined) return refuse('AccessDeniedException', foreign)
    const verification = verify(request)
    if (!verification.verified) return refuse(...REFUSALS[verification.reason])
    const query = readQueryPairs(request.query)
    if (query === undefined) return refuse(...REFUSALS['target-malformed'])
    const { caller } = verification
    if (mayCall(caller, request.path)) return { admitted: true, caller, query }
    const what = `execute-api:Invoke on ${request.method} ${request.path.slice(0, LONGEST_SHOWN)}`
    const message = `User: ${caller.arn} is not authorized to perform: ${what}`
    return refuse('AccessDeniedException', message)
  }
}

const LONGEST_SHOWN = 256

function refuse(code: string, message: string): Admission {
  return { admitted: false, refusal: { status: 403, code, message } }
}

const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i

/**
 * Why a request may come from a web page. A name that was rebound to loopback shows in Host; a browser adds Origin to what
 * a page sends elsewhere. No AWS client sends Origin.
 */
function foreignness({ headers }: RawRequest): string | undefined {
  if (headers.has('origin')) return 'Requests of browsers are not accepted'
  const host = singleHeader(headers, 'host') ?? ''
  return LOOPBACK_HOST.test(host) ? undefined : 'The Host header must name a loopback address'
}

const MISSING = ['MissingAuthenticationTokenException', 'Missing Authentication Token'] as const
const UNKNOWN = [
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
] as const
const invalid = (message: string) => ['InvalidSignatureException', message] as const

/** What API Gateway says to each failure; which headers and clocks are meant is said more plainly. */
const REFUSALS: Readonly<Record<SignatureFailure, readonly [code: string, message: string]>> = {
  'authorization-missing': MISSING,
  'authorization-malformed': [
    'IncompleteSignatureException',
    'The Authorization header is not one of AWS4-HMAC-SHA256 with Credential, SignedHeaders and Signature.',
  ],
  'date-malformed': [
    'IncompleteSignatureException',
    'The request needs one valid X-Amz-Date header.',
  ],
  'scope-date-differs': invalid('Date in Credential scope does not match X-Amz-Date.'),
  'service-not-accepted': invalid(
    "Credential should be scoped to correct service: 'iot' or 'execute-api'.",
  ),
  'region-not-accepted': invalid('Credential should be scoped to a valid region.'),
  'header-not-signed': invalid("'Host' and every 'X-Amz-' header must be signed."),
  'signed-header-missing': invalid('A header named in SignedHeaders is not in the request.'),
  'token-repeated': UNKNOWN,
  'signature-expired': invalid('Signature expired.'),
  'signature-not-yet-current': invalid('Signature not yet current.'),
  'key-unknown': UNKNOWN,
  'token-invalid': UNKNOWN,
  'token-expired': [
    'ExpiredTokenException',
    'The security token included in the request is expired',
  ],
  'target-malformed': invalid('The path or query of the request is malformed.'),
  'signature-mismatch': invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  ),
}
