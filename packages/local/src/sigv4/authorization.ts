/** What an `Authorization` header of Signature Version 4 claims; nothing of it is proven yet. */
export type Authorization = {
  readonly accessKeyId: string
  readonly scope: CredentialScope
  /** Lower-case, sorted, each once. */
  readonly signedHeaders: readonly string[]
  /** 64 lower-case hex digits. */
  readonly signature: string
}

/** Where and when a signing key holds. */
export type CredentialScope = {
  /** `YYYYMMDD`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^\s,]{1,512}), ?SignedHeaders=([^\s,]{1,4096}), ?Signature=([0-9a-f]{64})$/
const CREDENTIAL = /^(\w{1,128})\/(\d{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request$/
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/

/**
 * Parses an `Authorization` header. Only AWS4-HMAC-SHA256, parts in the order in which every AWS client writes them.
 * Source: AWS IAM User Guide, "Create a signed AWS API request".
 */
export function parseAuthorization(header: string): Authorization | undefined {
  const [, credential = '', names = '', signature = ''] = FORM.exec(header) ?? []
  const scope = CREDENTIAL.exec(credential)
  const signedHeaders = names.split(';')
  if (scope === null || !isCanonicalList(signedHeaders)) return undefined
  const [, accessKeyId = '', date = '', region = '', service = ''] = scope
  return { accessKeyId, scope: { date, region, service }, signedHeaders, signature }
}

/** One list has one spelling: strictly ascending, so that no name can stand in it twice. */
function isCanonicalList(names: readonly string[]): boolean {
  return names.every(
    (name, index) => HEADER_NAME.test(name) && (index === 0 || String(names[index - 1]) < name),
  )
}
