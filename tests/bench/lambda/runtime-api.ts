import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What came of an invocation. */
export type Invoked = {
  readonly ok: boolean
  readonly body: string
  /** From handing the event over to having the answer. */
  readonly milliseconds: number
}

/**
 * The side of Lambda's Runtime API that the service has, for one process.
 * Source: AWS Lambda developer guide, "Using the Lambda runtime API" (2018-06-01).
 */
export type RuntimeApi = {
  /** `host:port`, as AWS_LAMBDA_RUNTIME_API holds it. */
  readonly address: string
  /** Settles when the process first asks for an event: its initialisation is over. */
  readonly ready: Promise<void>
  /** Hands an event over as soon as the process asks for one. */
  readonly invoke: (event: string) => Promise<Invoked>
  /** Fails whatever is waited for. */
  readonly abort: (why: string) => void
  readonly close: () => Promise<void>
}

const DEADLINE_MS = 10_000

/** Starts it on loopback. */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const asks = createMailbox<ServerResponse>()
  const answers = createMailbox<{ readonly kind: string; readonly body: string }>()
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => undefined)
  let sequence = 0
  const abort = (why: string): void => {
    const failure = new Error(why)
    ready.reject(failure)
    asks.fail(failure)
    answers.fail(failure)
  }
  const server = createServer({ keepAliveTimeout: 60_000 }, async (message, response) => {
    const { method, url = '' } = message
    if (method === 'GET' && url.endsWith('/invocation/next')) {
      ready.resolve()
      asks.put(response)
      return
    }
    const body = await readText(message)
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}')
    const kind = /\/invocation\/[^/]+\/(response|error)/.exec(url)?.[1]
    if (kind === undefined) abort(`the function did not initialise: ${body.slice(0, 500)}`)
    else answers.put({ kind, body })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: ready.promise,
    invoke: async (event) => {
      const response = await asks.take()
      const begun = performance.now()
      response.writeHead(200, invocationHeaders(++sequence)).end(event)
      const { kind, body } = await answers.take()
      return { ok: kind === 'response', body, milliseconds: performance.now() - begun }
    },
    abort,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function invocationHeaders(sequence: number): Record<string, string> {
  return {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
    'lambda-runtime-deadline-ms': String(Date.now() + DEADLINE_MS),
    'lambda-runtime-invoked-function-arn':
      'arn:aws:lambda:us-east-1:123456789012:function:credentials',
    'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
  }
}

/** Holds what came before somebody takes it, and who came before there was something. */
function createMailbox<Value>() {
  const held: Value[] = []
  const waiting: PromiseWithResolvers<Value>[] = []
  let failure: Error | undefined
  return {
    put: (value: Value) => {
      const taker = waiting.shift()
      if (taker === undefined) held.push(value)
      else taker.resolve(value)
    },
    take: (): Promise<Value> => {
      const value = held.shift()
      if (value !== undefined) return Promise.resolve(value)
      if (failure !== undefined) return Promise.reject(failure)
      const taker = Promise.withResolvers<Value>()
      waiting.push(taker)
      return taker.promise
    },
    fail: (why: Error) => {
      failure = why
      for (const taker of waiting.splice(0)) taker.reject(why)
    },
  }
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
