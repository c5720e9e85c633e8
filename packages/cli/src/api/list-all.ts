import type { ControlAnswer } from '../control-client/control-client.ts'
import type { ApiCall, Paging } from './api-command.ts'
import { toApiRequest } from './api-request.ts'
import { memberAt } from './resource-reference.ts'
import type { SendApi } from './send-api.ts'

/** The members of each dialect. Source: AWS IoT API model. */
const DIALECTS = {
  token: { size: 'maxResults', next: 'nextToken', given: 'nextToken' },
  marker: { size: 'pageSize', next: 'marker', given: 'nextMarker' },
} as const

/** Most rows of one page. Source: AWS IoT API model (MaxResults, PageSize). */
const MOST_ROWS = 250

/** What is listed. */
export type Listing = {
  readonly call: ApiCall
  readonly input: object
  /** Member of the answer that holds the rows. */
  readonly rows: string
  /** Absent where the API gives the whole list at once. */
  readonly paging?: Paging
  /** Most rows of all pages together; all of them where absent. */
  readonly limit?: number
}

/** Lists through all pages, until the list ends or the limit is reached; the answer has the form of one page without token. */
export async function listAll(listing: Listing, send: SendApi): Promise<ControlAnswer> {
  const { call, input, rows, paging, limit = Number.POSITIVE_INFINITY } = listing
  const found: unknown[] = []
  let token: unknown
  do {
    const page = paging && pageMembers(paging, { left: limit - found.length, token })
    const answer = await send(toApiRequest(call, { ...input, ...page }))
    if ('problem' in answer || !answer.ok) return answer
    const part = memberAt(answer.json, rows)
    found.push(...(Array.isArray(part) ? part : []))
    token = paging && memberAt(answer.json, DIALECTS[paging].given)
  } while (typeof token === 'string' && token !== '' && found.length < limit)
  return { ok: true, json: { [rows]: found.slice(0, Math.min(limit, found.length)) } }
}

function pageMembers(
  paging: Paging,
  { left, token }: { readonly left: number; readonly token: unknown },
): object {
  const { size, next } = DIALECTS[paging]
  return {
    [size]: Math.min(left, MOST_ROWS),
    ...(typeof token === 'string' && { [next]: token }),
  }
}
