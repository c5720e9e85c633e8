import type { HeaderValues, RawRequest } from '@thingpass/local/sigv4/raw-request'
import { signRequest } from '@thingpass/local/sigv4/sign'
import { hostHeaderOf } from '../control-client/control-client.ts'
import type { ControlTarget } from '../control-client/target.ts'
import type { AccessKeys } from '../control-client/target-credentials.ts'

/** Who signs, and when. */
export type ResigningKeys = AccessKeys & { readonly now: Date }

/** Headers that belong to the first signature, and would contradict the second. */
const OF_THE_FIRST_SIGNATURE = new Set([
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
])
/** What operations are given by header, such as `x-amzn-principal`; and what the body is. */
const SIGNED = /^(?:x-amzn?-|content-type$)/
/** Read by people who look for whose call it was; gateways may change it, so it is not signed. */
const UNSIGNED = new Set(['accept', 'user-agent'])

/**
 * Makes of a request that was verified the request to send on: same method, encoded path, query and body, under the target's
 * stage and tenant, signed for `execute-api`. Headers that no operation reads stay behind. Undefined when it cannot be signed.
 */
export function resignRequest(
  request: RawRequest,
  { origin, basePath, region }: ControlTarget,
  keys: ResigningKeys,
): RawRequest | undefined {
  const pathRule = 'segments-encoded-again'
  const signed = signRequest(
    {
      ...request,
      path: `${basePath}${request.path}`,
      headers: new Map([
        ['host', [hostHeaderOf(origin)]],
        ...pick(request.headers, (name) => SIGNED.test(name) && !OF_THE_FIRST_SIGNATURE.has(name)),
      ]),
    },
    { ...keys, region, service: 'execute-api', pathRule },
  )
  if (signed === undefined) return undefined
  const unsigned = pick(request.headers, (name) => UNSIGNED.has(name))
  return { ...signed, headers: new Map([...signed.headers, ...unsigned]) }
}

function pick(headers: HeaderValues, wanted: (name: string) => boolean) {
  return [...headers].filter(([name]) => wanted(name))
}
