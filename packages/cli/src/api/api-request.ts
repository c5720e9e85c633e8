import type { ApiCall } from './api-command.ts'
import type { ApiRequest } from './send-api.ts'

/** Makes the request of a call and its input. For a route of ours, members go where its path and query say, the rest is the body. */
export function toApiRequest(call: ApiCall, input: object): ApiRequest {
  if ('operation' in call) return { operation: call.operation, input }
  const left = new Map<string, unknown>(Object.entries(input))
  const take = (name: string) => {
    const value = left.get(name)
    left.delete(name)
    return value
  }
  const path = call.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(take(name)))
  const query = (call.query ?? []).flatMap((name) => {
    const value = take(name)
    return value === undefined ? [] : [`${encode(name)}=${encode(value)}`]
  })
  const body = call.body === undefined ? Object.fromEntries(left) : left.get(call.body)
  const hasBody = call.body !== undefined || left.size > 0
  return {
    method: call.method,
    path,
    ...(query.length > 0 && { query: query.join('&') }),
    ...(hasBody && { body: body as object }),
  }
}

/** As RFC 3986 has it, which SigV4 goes by: `encodeURIComponent` leaves five characters alone that are reserved there. */
function encode(value: unknown): string {
  return encodeURIComponent(String(value)).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
