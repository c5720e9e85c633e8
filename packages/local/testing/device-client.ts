import { Agent, type RequestOptions, request } from 'node:https'
import type { Identity } from '../src/pki/issue-certificate.ts'

/** What a device got back. */
export type Received = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** Whether the connection was open before the request. */
  readonly reused: boolean
}

/** Sends one request and reads the whole answer. */
export function send(url: string, options: RequestOptions, body?: string): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
          reused: sent.reusedSocket,
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A device with a connection of its own that stays open between requests. */
export function createDevice(caPem: string, identity?: Identity) {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 1,
    ca: caPem,
    // Whatever the Host header says, the server is known by this name.
    servername: 'localhost',
    ...(identity && { cert: identity.certificatePem, key: identity.privateKeyPem }),
  })
  return {
    get: (url: string, headers: Readonly<Record<string, string>> = {}) =>
      send(url, { agent, headers }),
    close: () => agent.destroy(),
  }
}
