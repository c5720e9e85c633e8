/**
 * One server of section e in a process of its own. `node server.main.ts <kind>` with an IPC channel: is sent the PEMs, tells its
 * port, and then its CPU each time it is asked.
 */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type GatewayHandler, startGateway } from '@thingpass/local/gateway/start-gateway'
import { lambdaContext } from '@thingpass/local/stack/lambda-context'
import type { Pki } from '../world/start-world.ts'
import type { ServerKind } from './messages.ts'

const BODY = JSON.stringify({
  credentials: {
    accessKeyId: 'ASIAXXXXXXXXXXXXXXXX',
    secretAccessKey: 'x'.repeat(40),
    sessionToken: 'y'.repeat(720),
    expiration: '2030-01-01T00:00:00Z',
  },
})
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }

/** The least that a mutual-TLS server can be: it verifies the client against its CA and answers the same every time. */
async function startBare(pki: Pki): Promise<number> {
  const server = createServer(
    {
      ...{ key: pki.serverKey, cert: pki.serverCertificate, ca: pki.deviceCa },
      ...{ requestCert: true, rejectUnauthorized: true, keepAliveTimeout: 60_000 },
    },
    (_, response) => {
      response.writeHead(200, { ...HEADERS, 'content-length': BODY.length }).end(BODY)
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Imported only where it is used: both read their environment at once. */
const HANDLERS: Record<Exclude<ServerKind, 'bare'>, () => Promise<GatewayHandler>> = {
  constant: async () => async () => ({ statusCode: 200, headers: HEADERS, body: BODY }),
  credentials: async () => {
    const { handler } = await import('@thingpass/functions/credentials/credentials.main')
    const elapsed = () => performance.now()
    return (event) => handler(event, lambdaContext(event.requestContext.requestId, elapsed))
  },
  calls: async () => (await import('../lambda/bare.main.ts')).handler,
}

async function startBehindGateway(handler: GatewayHandler, pki: Pki): Promise<number> {
  const { port } = await startGateway({
    ...{ port: 0, serverKey: pki.serverKey, serverCertificate: pki.serverCertificate },
    ...{ accountId: '123456789012', handler },
    refused: async () => undefined,
    log: (line) => process.stderr.write(`${line}\n`),
  })
  return port
}

const kind = process.argv[2] as ServerKind
process.once('message', async (pki: Pki) => {
  const port =
    kind === 'bare' ? await startBare(pki) : await startBehindGateway(await HANDLERS[kind](), pki)
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuMilliseconds: (user + system) / 1000 })
  })
  process.send?.({ port })
})
process.once('disconnect', () => process.exit())
