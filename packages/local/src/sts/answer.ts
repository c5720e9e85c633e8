/** One HTTP answer of the local STS. */
export type StsAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Why a request got no success: a code and message as STS gives them. */
export type StsRefusal = {
  readonly ok: false
  readonly code: StsErrorCode
  readonly message: string
}

/** Element of an answer: text or number, elements below it, or nothing where it is absent. */
export type XmlTree = { readonly [element: string]: string | number | XmlTree | undefined }

/**
 * STS's error codes and their HTTP status.
 * Source: STS API reference, "Common Error Types" and the errors of AssumeRole.
 */
const STATUS_OF = {
  AccessDenied: 403,
  ExpiredToken: 403,
  IncompleteSignature: 403,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidClientTokenId: 403,
  InvalidParameterValue: 400,
  MalformedPolicyDocument: 400,
  MalformedQueryString: 400,
  MissingAction: 400,
  MissingAuthenticationToken: 403,
  PackedPolicyTooLarge: 400,
  RequestEntityTooLarge: 413,
  SignatureDoesNotMatch: 403,
  ValidationError: 400,
} as const

/** Every code that the local STS refuses with. */
export type StsErrorCode = keyof typeof STATUS_OF

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** Makes a refusal. The message goes to the caller: nothing secret belongs in it. */
export function refuse(code: StsErrorCode, message: string): StsRefusal {
  return { ok: false, code, message }
}

/** Makes STS's words for a parameter outside its bounds; the value itself is not repeated. */
export function refuseParameter(name: string, constraint: string): StsRefusal {
  const where = `1 validation error detected: Value at '${name}' failed to satisfy constraint`
  return refuse('ValidationError', `${where}: Member must ${constraint}`)
}

/** Writes the success of an operation. */
export function successAnswer(operation: string, result: XmlTree, requestId: string): StsAnswer {
  const content = { [`${operation}Result`]: result, ResponseMetadata: { RequestId: requestId } }
  return answer(200, `${operation}Response`, content, requestId)
}

/** Writes a refusal. `Type` says whose fault it was, as in every error of the query protocol. */
export function errorAnswer({ code, message }: StsRefusal, requestId: string): StsAnswer {
  const status = STATUS_OF[code]
  const error = { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: message }
  return answer(status, 'ErrorResponse', { Error: error, RequestId: requestId }, requestId)
}

function answer(status: number, root: string, content: XmlTree, requestId: string): StsAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/xml',
      'x-amzn-requestid': requestId,
      'cache-control': 'no-store',
    },
    body: `<${root} xmlns="${NAMESPACE}">\n${writeElements(content, '  ')}</${root}>\n`,
  }
}

function writeElements(tree: XmlTree, indent: string): string {
  return Object.entries(tree)
    .map(([name, value]) => {
      if (value === undefined) return ''
      if (typeof value !== 'object') return `${indent}<${name}>${escapeXml(`${value}`)}</${name}>\n`
      return `${indent}<${name}>\n${writeElements(value, `${indent}  `)}${indent}</${name}>\n`
    })
    .join('')
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  ['\r', '&#xD;'],
])

/** Escapes text; what XML 1.0 has no way to write becomes U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"'\r]/g, (character) => ENTITIES.get(character) ?? '\ufffd')
}
