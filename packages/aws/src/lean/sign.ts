import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
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
export type SignRequest = (request: WireRequest, now: Date) => WireRequest

/**
 * Makes the signer of one service. aws4 writes what is signed; the key is kept here, as a key object: aws4 keeps its octets, with which an HMAC
 * takes five times as long.
 */
export function createSigner(scope: SigningScope): SignRequest {
  const { service, region, credentials, host } = scope
  let key: { readonly day: string; readonly secret: KeyObject } | undefined
  return ({ headers, body }, now) => {
    const amzDate = now.toISOString().replace(/[:-]|\.\d{3}/g, '')
    const day = amzDate.slice(0, 8)
    if (key?.day !== day) key = { day, secret: signingKey(scope, day) }
    const { secret } = key
    const complete = {
      ...headers,
      Host: host,
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Amz-Date': amzDate,
    }
    const request = { method: 'POST', path: '/', host, service, region, headers: complete, body }
    const signer = new aws4.RequestSigner(request, credentials)
    signer.signature = () => hmac(secret, signer.stringToSign()).toString('hex')
    return { headers: signer.sign().headers as WireRequest['headers'], body }
  }
}

/** Source: AWS IAM User Guide, "Create a signed AWS API request", step 4. */
function signingKey({ service, region, credentials }: SigningScope, day: string): KeyObject {
  const start = `AWS4${credentials.secretAccessKey}`
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, start)
  return createSecretKey(Buffer.from(key))
}

function hmac(key: string | Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
