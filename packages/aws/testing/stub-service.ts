import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** One request as it came. */
export type StubRequest = {
  readonly rawHeaders: readonly string[]
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Answers the n-th request, from 1. */
export type StubAnswer = (response: ServerResponse, attempt: number) => void

/** A service on loopback that answers as a test says. */
export type StubService = {
  readonly endpoint: string
  /** Oldest first, since the answer was last set. */
  readonly requests: readonly StubRequest[]
  /** Connections since the answer was last set. */
  readonly connections: () => number
  readonly answerWith: (answer: StubAnswer) => void
  readonly stop: () => Promise<void>
}

/** Starts it, over plain HTTP unless a server is given. */
export async function startStubService(server: Server = createServer()): Promise<StubService> {
  const requests: StubRequest[] = []
  let answer: StubAnswer = (response) => response.end()
  let connections = 0
  server.on('connection', () => {
    connections++
  })
  server.on('request', async (request, response) => {
    const body = await text(request)
    const { rawHeaders, headers } = request
    answer(response, requests.push({ rawHeaders, headers, body }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    answerWith: (next) => {
      answer = next
      requests.length = 0
      connections = 0
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
