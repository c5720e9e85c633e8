import { createHash, createHmac } from 'node:crypto'
import type { CredentialScope } from './authorization.ts'

/**
 * Computes the 32 bytes of a signature over a canonical request.
 * Source: AWS IAM User Guide, "Create a signed AWS API request", steps 2–4.
 */
export function computeSignature(
  canonicalRequest: string,
  amzDate: string,
  scope: CredentialScope,
  secretAccessKey: string,
): Buffer {
  const text = [
    'AWS4-HMAC-SHA256',
    amzDate,
    formatScope(scope),
    createHash('sha256').update(canonicalRequest).digest('hex'),
  ].join('\n')
  return hmac(signingKey(secretAccessKey, scope), text)
}

/** Writes a scope as the credential and the text to sign carry it. */
export function formatScope({ date, region, service }: CredentialScope): string {
  return `${date}/${region}/${service}/aws4_request`
}

function signingKey(secretAccessKey: string, { date, region, service }: CredentialScope): Buffer {
  const dateKey = hmac(`AWS4${secretAccessKey}`, date)
  return hmac(hmac(hmac(dateKey, region), service), 'aws4_request')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
