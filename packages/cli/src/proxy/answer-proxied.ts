import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Admission } from '@thingpass/local/control/admission'
import { collectHeaders, type RawRequest, splitTarget } from '@thingpass/local/sigv4/raw-request'
import type { ControlTarget } from '../control-client/target.ts'
import type { FindAccessKeys } from '../control-client/target-credentials.ts'
import { describeNetworkCode } from '../http/network-problem.ts'
import { resignRequest } from './resign-request.ts'
import { sendOn } from './send-on.ts'

/** What answers a request. */
export type ProxyAnswering = {
  readonly target: ControlTarget
  readonly admit: (request: RawRequest) => Admission
  readonly findAccessKeys: FindAccessKeys
  readonly clock: () => Date
  readonly log: (line: string) => void
}

type Refusal = { readonly status: number; readonly code: string; readonly message: string }

/** What an operation of the control plane takes at most. */
const MAX_BODY_BYTES = 1_048_576
const TOO_LARGE: Refusal = {
  status: 413,
  code: 'RequestEntityTooLargeException',
  message: 'Request Too Long',
}
const UNSIGNABLE: Refusal = {
  status: 400,
  code: 'InvalidRequestException',
  message: 'The path or query of the request is malformed.',
}

/** Answers one request of a tool on this machine; whatever happens, it neither throws nor rejects. */
export async function answerProxied(
  message: IncomingMessage,
  response: ServerResponse,
  answering: ProxyAnswering,
): Promise<void> {
  response.on('error', () => response.destroy())
  try {
    const refusal = await passOn(message, response, answering)
    if (refusal === undefined) return
    const path = splitTarget(message.url ?? '').path.slice(0, 256)
    answering.log(`${message.method} ${path}: ${refusal.status} ${refusal.code}`)
    refuse(response, refusal)
  } catch {
    response.destroy() // the caller went away
  }
}

async function passOn(
  message: IncomingMessage,
  response: ServerResponse,
  { target, admit, findAccessKeys, clock }: ProxyAnswering,
): Promise<Refusal | undefined> {
  const body = await readBody(message)
  if (body === undefined) return TOO_LARGE
  const request = {
    method: message.method ?? '',
    ...splitTarget(message.url ?? ''),
    headers: collectHeaders(message.rawHeaders),
    body,
  }
  const admission = admit(request)
  if (!admission.admitted) return admission.refusal
  const keys = await findAccessKeys()
  if ('problem' in keys) return denied(`thingpass proxy: ${keys.problem}`)
  const resigned = resignRequest(request, target, { ...keys, now: clock() })
  if (resigned === undefined) return UNSIGNABLE
  try {
    await sendOn(resigned, target.origin, response)
    return undefined
  } catch (thrown) {
    return unreachable(thrown)
  }
}

/** Not one of the codes that SDKs try again. */
function denied(message: string): Refusal {
  return { status: 403, code: 'AccessDeniedException', message }
}

function unreachable(thrown: unknown): Refusal {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined
  const timedOut = thrown instanceof Error && thrown.name === 'AbortError'
  const known = timedOut ? 'ANSWER_TIMEOUT' : String(code)
  return {
    status: timedOut ? 504 : 502,
    code: 'ServiceUnavailableException',
    message: `thingpass proxy: the control plane cannot be asked: ${describeNetworkCode(known)}`,
  }
}

function refuse(response: ServerResponse, { status, code, message }: Refusal): void {
  const body = JSON.stringify({ message, __type: code })
  response.setHeader('x-amzn-ErrorType', code)
  response.setHeader('content-type', 'application/json')
  response.setHeader('content-length', Buffer.byteLength(body))
  // What is left of an oversized request is not read, so the connection cannot go on.
  if (status === 413) response.setHeader('connection', 'close')
  response.writeHead(status).end(body)
}

/** Reads the body up to its bound; undefined when it is larger, the rest then drains away unkept. */
function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else resolve(undefined)
    })
    message.once('end', () => resolve(Buffer.concat(chunks)))
    message.once('close', () => reject(new Error('the client went away')))
  })
}
