import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FakeAccount } from './fake-aws-iot-account.ts'
import { answerFakeAwsIot, isRefusal } from './fake-aws-iot-routes.ts'

/** What goes wrong at a fake of AWS IoT, and whom it tells. */
export type FakeTroubles = {
  /** Every so many requests are answered with ThrottlingException or LimitExceededException, in turns. */
  readonly throttleEvery?: number
  /** The connection of every so many requests is cut before it is answered. */
  readonly cutEvery?: number
  /** Told of each request before it is answered, with how many there have been. */
  readonly onRequest?: (count: number) => void
}

/** A running fake. */
export type FakeAwsIot = {
  readonly url: string
  /** Requests so far, those that went wrong included. */
  readonly count: () => number
  readonly throttled: () => number
  /** Requests that would have changed something; they are refused. */
  readonly writes: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Starts a stand-in for AWS IoT's control plane on loopback: an account that can be read. Signatures are not checked. */
export async function startFakeAwsIot(
  account: FakeAccount,
  troubles: FakeTroubles = {},
): Promise<FakeAwsIot> {
  const seen = { count: 0, throttled: 0, writes: [] as string[] }
  const server = createServer((request, response) => {
    seen.count += 1
    troubles.onRequest?.(seen.count)
    request.resume()
    request.once('end', () => {
      if (isNth(seen.count, troubles.cutEvery)) {
        request.socket.destroy()
        return
      }
      if (isNth(seen.count, troubles.throttleEvery)) {
        seen.throttled += 1
        const rate = ['ThrottlingException', 400] as const
        const limit = ['LimitExceededException', 410] as const
        refuse(response, seen.throttled % 2 === 0 ? limit : rate)
        return
      }
      answer(account, { request, response, writes: seen.writes })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    count: () => seen.count,
    throttled: () => seen.throttled,
    writes: () => seen.writes,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const isNth = (count: number, every: number | undefined) =>
  every !== undefined && count % every === 0

function refuse(response: ServerResponse, [code, status]: readonly [string, number]): void {
  response.writeHead(status, { 'x-amzn-ErrorType': code, 'content-type': 'application/json' })
  response.end(JSON.stringify({ message: `refused with ${code}` }))
}

function answer(
  account: FakeAccount,
  exchange: {
    readonly request: IncomingMessage
    readonly response: ServerResponse
    readonly writes: string[]
  },
): void {
  const { request, response, writes } = exchange
  const { method = '', url = '', headers } = request
  const signed = /^AWS4-HMAC-SHA256 .*\/iot\/aws4_request/.test(headers.authorization ?? '')
  const body = signed
    ? answerFakeAwsIot(account, method, new URL(url, 'http://fake'))
    : { code: 'MissingAuthenticationTokenException', status: 403 }
  if (isRefusal(body)) {
    if (body.status === 404) writes.push(`${method} ${url}`)
    refuse(response, [body.code, body.status])
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
