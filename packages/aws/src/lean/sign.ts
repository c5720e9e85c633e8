import type { Region } from '@thingpass/core/names'
// biome-ignore lint/correctness/noUnresolvedImports: what a CommonJS module exports is its default; its types leave that out.
import aws4 from 'aws4'
import type { StaticCredentials } from '../clients.ts'
import type { LeanService } from './endpoint.ts'
import type { WireRequest } from './wire.ts'

/** For whom and whereto requests are signed. */
export type SigningScope = {
  readonly service: LeanService
  readonly region: Region
  readonly credentials: StaticCredentials
  /** As the `Host` header has it. */
  readonly host: string
}

/** Signs a POST to `/` in its headers: Signature Version 4 over all of them and the body. */
export function signRequest(scope: SigningScope, request: WireRequest, now: Date): WireRequest {
  const { service, region, credentials, host } = scope
  const { body } = request
  const headers = {
    ...request.headers,
    Host: host,
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Amz-Date': now.toISOString().replace(/[:-]|\.\d{3}/g, ''),
  }
  const signed = aws4.sign(
    { method: 'POST', path: '/', service, region, headers, body },
    credentials,
  )
  return { headers: signed.headers as WireRequest['headers'], body }
}
