import { type IncomingMessage, request as requestPlain, type ServerResponse } from 'node:http'
import { request as requestTls } from 'node:https'
import { pipeline } from 'node:stream/promises'
import type { RawRequest } from '@thingpass/local/sigv4/raw-request'
import type { Origin } from '../http/exchange.ts'

/** API Gateway gives up on a function after 29 s. */
const LONGEST_ANSWER_MS = 32_000

/** Of one connection, not of the answer. Source: RFC 9110, section 7.6.1. `date` is ours: SDKs set their clock by it, and it is ours that judges them. */
const LEFT_BEHIND = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'date',
])

/**
 * Sends a request on and streams its answer back. Rejects with Node's error where no answer begins; an answer that breaks off
 * breaks off for the caller too.
 */
export async function sendOn(
  { method, path, query, headers, body }: RawRequest,
  { protocol, hostname, port }: Origin,
  response: ServerResponse,
): Promise<void> {
  const target = query === '' ? path : `${path}?${query}`
  // As signed; Node takes no list for the host.
  const fields = Object.fromEntries([...headers].map(([name, values]) => [name, values.join()]))
  const signal = AbortSignal.timeout(LONGEST_ANSWER_MS)
  const options = { host: hostname, port, method, path: target, headers: fields, signal }
  const sent = protocol === 'https:' ? requestTls(options) : requestPlain(options)
  response.once('close', () => sent.destroy())
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
    sent.end(body)
  })
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    if (!LEFT_BEHIND.has(name)) response.setHeader(name, values)
  }
  response.writeHead(answer.statusCode ?? 502)
  await pipeline(answer, response).catch(() => undefined) // both ends are destroyed then
}
