import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { canonicalText, operationOf, type Rounds, type WireCall } from './calls.ts'

/** An answer that was given once, and is given again. */
export type RecordedAnswer = {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Answers by the canonical text of their call. */
export type Recordings = Map<string, RecordedAnswer>

/** Stands before both services and repeats their answers, so that the engines' own speed is in no figure. */
export type Upstream = {
  readonly url: string
  /** Calls answered so far. */
  readonly calls: () => number
  /** The rounds since this was asked last; true to life only with `roundMs`. */
  readonly takeRounds: () => Rounds
  /** Capacity units that the services said they took since this was asked last. */
  readonly takeCapacity: () => number
  readonly close: () => Promise<void>
}

/** The services themselves. */
export type Services = { readonly dynamodbUrl: string; readonly stsUrl: string }

/**
 * Starts it on loopback. A call that was answered before gets the same answer again, as fast as it can be had; any other goes to
 * the services. With `roundMs` all go there, and each answer is held back so long that calls under way together show as one round.
 */
export async function startUpstream(
  recordings: Recordings,
  services: Services,
  roundMs?: number,
): Promise<Upstream> {
  let rounds: WireCall[][] = []
  let answered = 0
  let underWay = 0
  let capacityUnits = 0
  const note = (call: WireCall): void => {
    if (underWay === 0) rounds.push([])
    rounds.at(-1)?.push(call)
  }
  const answerTo = async (call: WireCall, message: IncomingMessage): Promise<RecordedAnswer> => {
    const known = recordings.get(canonicalText(call))
    if (known !== undefined && roundMs === undefined) return known
    const answer = await forward(message, call, services)
    recordings.set(canonicalText(call), answer)
    capacityUnits += capacityOf(answer)
    await delay(roundMs ?? 0)
    return answer
  }
  const server = createServer({ keepAliveTimeout: 60_000 }, async (message, response) => {
    const body = await readText(message)
    const call = { operation: operationOf(targetOf(message), body), body }
    note(call)
    underWay++
    const answer = await answerTo(call, message)
    underWay--
    answered++
    response.writeHead(answer.status, {
      'content-type': answer.contentType,
      'content-length': Buffer.byteLength(answer.body),
    })
    response.end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => answered,
    takeRounds: () => {
      const taken = rounds
      rounds = []
      return taken
    },
    takeCapacity: () => {
      const taken = capacityUnits
      capacityUnits = 0
      return taken
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function targetOf(message: IncomingMessage): string | undefined {
  const target = message.headers['x-amz-target']
  return typeof target === 'string' ? target : undefined
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function capacityOf({ contentType, body }: RecordedAnswer): number {
  if (!contentType.includes('json')) return 0
  const { ConsumedCapacity: consumed = [] } = JSON.parse(body)
  return [consumed]
    .flat()
    .reduce((sum: number, each: { CapacityUnits?: number }) => sum + (each.CapacityUnits ?? 0), 0)
}

/** The signature covers the host, which the engines take from the header: it goes on as it came. */
function forward(
  message: IncomingMessage,
  { body, operation }: WireCall,
  { dynamodbUrl, stsUrl }: Services,
): Promise<RecordedAnswer> {
  const url = new URL(message.url ?? '/', operation === 'AssumeRole' ? stsUrl : dynamodbUrl)
  const headers: OutgoingHttpHeaders = { ...message.headers }
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers, agent: false }, async (answer) => {
      resolve({
        status: answer.statusCode ?? 500,
        contentType: answer.headers['content-type'] ?? '',
        body: await readText(answer),
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
