import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AccessKey } from '@thingpass/local/control/access-keys'
import { createFindKey } from '@thingpass/local/control/access-keys'
import { createAdmission } from '@thingpass/local/control/admission'
import { createVerifier } from '@thingpass/local/sigv4/verify'
import type { ControlTarget } from '../control-client/target.ts'
import type { FindAccessKeys } from '../control-client/target-credentials.ts'
import { answerProxied, type ProxyAnswering } from './answer-proxied.ts'
import type { ListenAddress } from './listen-address.ts'

/** What a proxy is made of. */
export type ProxySettings = {
  readonly listen: ListenAddress
  readonly target: ControlTarget
  /** Keys that callers sign with; they are known to this machine only. */
  readonly callerKeys: readonly AccessKey[]
  /** Keys to sign with for the target. */
  readonly findAccessKeys: FindAccessKeys
  readonly clock: () => Date
  /** Takes one line about what was refused or failed; never a secret. */
  readonly log: (line: string) => void
}

/** A proxy that listens. */
export type RunningProxy = { readonly url: string; readonly close: () => Promise<void> }

const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 5000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
}
const MAX_CONNECTIONS = 256

/** The keys are no AWS account's. */
const NO_ACCOUNT = '000000000000'

/** Starts a proxy on loopback. Rejects with Node's error where the port cannot be had. */
export async function startProxy(settings: ProxySettings): Promise<RunningProxy> {
  const { listen, target, callerKeys, clock } = settings
  const verify = createVerifier({
    services: ['iot', 'execute-api'],
    regions: [target.region],
    pathRule: 'segments-encoded-again',
    clock,
    findKey: createFindKey(callerKeys, NO_ACCOUNT),
  })
  const answering = { ...settings, admit: createAdmission(verify) }
  const server = createProxyServer(answering)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = listen.host === '::1' ? '[::1]' : listen.host
  return { url: `http://${host}:${port}`, close: () => closeServer(server) }
}

function createProxyServer(answering: ProxyAnswering): Server {
  const server = createServer(LIMITS, (message: IncomingMessage, response: ServerResponse) => {
    response.setHeader('date', answering.clock().toUTCString())
    void answerProxied(message, response, answering)
  })
  server.maxConnections = MAX_CONNECTIONS
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  return server
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
