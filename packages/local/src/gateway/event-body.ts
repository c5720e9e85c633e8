/** Media types that an HTTP API hands on as text. Source: AWS API Gateway developer guide, payload format 2.0 and binary media. */
const TEXT = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript))/i

/** The `body` members of an event: none without a body, text of the types of text, base64 of all others. */
export function eventBody(
  body: Buffer,
  contentType: string,
): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (body.byteLength === 0) return { isBase64Encoded: false }
  const isBase64Encoded = !TEXT.test(contentType)
  return { body: body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded }
}
