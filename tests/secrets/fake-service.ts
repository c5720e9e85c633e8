import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers one request. */
export type Answering = (response: ServerResponse) => void

/** Starts a service on loopback that answers as it is told to: `answers` in turn, the last one for good. */
export async function startFakeService(answers: readonly Answering[]) {
  let calls = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const answer = answers[Math.min(calls, answers.length - 1)]
      calls += 1
      answer?.(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
