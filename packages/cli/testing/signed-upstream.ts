import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { collectHeaders, type RawRequest, splitTarget } from '@thingpass/local/sigv4/raw-request'
import { createVerifier, type Verification } from '@thingpass/local/sigv4/verify'

/** The one key that the stand-in knows. */
export const UPSTREAM_KEYS = {
  accessKeyId: 'AKIAUPSTREAM',
  secretAccessKey: 'secret-of-the-operator',
  sessionToken: 'token-of-the-operator',
}

/** One request that reached the stand-in, and what its signature proved. */
export type UpstreamRequest = RawRequest & { readonly verification: Verification<string> }

/** How the stand-in answers; it says `{}` where a test says nothing. */
export type AnswerUpstream = (request: UpstreamRequest, response: ServerResponse) => void

/** A stand-in for a deployed control plane: takes what is signed for `execute-api` in `eu-central-1`, nothing else, and keeps all requests. */
export async function startSignedUpstream(
  answer: AnswerUpstream = (_, response) => response.end('{}'),
) {
  const requests: UpstreamRequest[] = []
  const verify = createVerifier<string>({
    services: ['execute-api'],
    regions: ['eu-central-1'],
    pathRule: 'segments-encoded-again',
    clock: () => new Date(),
    findKey: (id, token) =>
      id === UPSTREAM_KEYS.accessKeyId && token === UPSTREAM_KEYS.sessionToken
        ? { found: true, secretAccessKey: UPSTREAM_KEYS.secretAccessKey, caller: id }
        : { found: false, reason: 'key-unknown' },
  })
  const server = createServer(async (message, response) => {
    const request = {
      method: message.method ?? '',
      ...splitTarget(message.url ?? ''),
      headers: collectHeaders(message.rawHeaders),
      body: await buffer(message),
    }
    const verification = verify(request)
    const received = { ...request, verification }
    requests.push(received)
    if (verification.verified) return answer(received, response)
    response.writeHead(403, { 'x-amzn-errortype': 'InvalidSignatureException' })
    response.end(JSON.stringify({ message: verification.reason }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
