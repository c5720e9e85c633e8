import { percentDecode } from '../sigv4/percent-encoding.ts'
import type { RawRequest } from '../sigv4/raw-request.ts'
import { singleHeader } from '../sigv4/raw-request.ts'
import { refuse, type StsRefusal } from './answer.ts'

/** Parameters of the query protocol, each name once. */
export type Form = ReadonlyMap<string, string>

/** Far above what 50 tags, their transitive keys and the other parameters need. */
const MAX_PARAMETERS = 256

const FORM_TYPE = /^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i

/**
 * Reads the parameters of a request: from the body of a POST, from the query of a GET, never from both, so that what was
 * checked is what is read. A repeated name is refused because readers differ on which one counts.
 */
export function readForm(request: RawRequest): { readonly ok: true; form: Form } | StsRefusal {
  const text = formText(request)
  if (text === undefined) {
    const expected = 'a POST with a form as its body, or a GET with a query and no body'
    return refuse('MalformedQueryString', `The request is not ${expected}.`)
  }
  const form = parseForm(text)
  if (form !== undefined) return { ok: true, form }
  return refuse(
    'MalformedQueryString',
    'The parameters contain a syntax error, or a name more than once.',
  )
}

function formText({ method, path, query, headers, body }: RawRequest): string | undefined {
  if (path !== '/') return undefined
  if (method === 'GET') return body.length === 0 ? query : undefined
  const isForm = FORM_TYPE.test(singleHeader(headers, 'content-type') ?? '')
  if (method !== 'POST' || query !== '' || !isForm) return undefined
  // Bytes beyond ASCII have no place in a form: they would be percent-encoded.
  return Buffer.from(body).toString('latin1')
}

function parseForm(text: string): Form | undefined {
  const parts = text.split('&')
  if (parts.length > MAX_PARAMETERS || !PRINTABLE.test(text)) return undefined
  const pairs = parts.map(parsePair).filter((pair) => pair !== undefined)
  const form = new Map(pairs)
  return form.size === parts.length ? form : undefined
}

const PRINTABLE = /^[\x21-\x7e]*$/

function parsePair(part: string): readonly [string, string] | undefined {
  const equals = part.indexOf('=')
  const name = percentDecode(equals < 0 ? part : part.slice(0, equals))
  const value = percentDecode(equals < 0 ? '' : part.slice(equals + 1))
  return name === undefined || value === undefined ? undefined : [name, value]
}
