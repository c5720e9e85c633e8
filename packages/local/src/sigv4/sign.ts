import type { CredentialScope } from './authorization.ts'
import { canonicalRequest, type PathRule } from './canonical-request.ts'
import type { HeaderValues, RawRequest } from './raw-request.ts'
import { computeSignature, formatScope } from './signature.ts'

/** With what and for whom to sign. */
export type SigningSettings = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly region: string
  readonly service: string
  readonly pathRule: PathRule
  readonly now: Date
}

/**
 * Signs a request in the `Authorization` header: the same request with the headers that signing adds. Every header that
 * it has is signed. Undefined when its path or query cannot be signed.
 */
export function signRequest(
  request: RawRequest,
  settings: SigningSettings,
): RawRequest | undefined {
  const amzDate = settings.now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const { region, service, sessionToken, accessKeyId } = settings
  const scope: CredentialScope = { date: amzDate.slice(0, 8), region, service }
  const headers = new Map(request.headers).set('x-amz-date', [amzDate])
  headers.delete('authorization')
  if (sessionToken !== undefined) headers.set('x-amz-security-token', [sessionToken])
  const signedHeaders = [...headers.keys()].sort((one, other) => (one < other ? -1 : 1))
  const canonical = canonicalRequest({ ...request, headers }, signedHeaders, settings.pathRule)
  if (canonical === undefined) return undefined
  const signature = computeSignature(canonical, amzDate, scope, settings.secretAccessKey)
  const authorization = [
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${formatScope(scope)}`,
    `SignedHeaders=${signedHeaders.join(';')}`,
    `Signature=${signature.toString('hex')}`,
  ].join(', ')
  return { ...request, headers: headers.set('authorization', [authorization]) as HeaderValues }
}
