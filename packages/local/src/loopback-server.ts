import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { Fault } from '@thingpass/core/fault'

/** Where a server of this package listens. */
export type LoopbackAddress = {
  /** 0 or absent = any free port. */
  readonly port?: number
  /** `127.0.0.1` when absent; no other than loopback is taken. */
  readonly host?: string
}

/** A server that listens. */
export type LoopbackServer = {
  readonly port: number
  /** As URLs show it: `127.0.0.1:<port>` or `[::1]:<port>`. */
  readonly authority: string
  /** Stops listening, lets running requests finish for a moment, then ends every connection. */
  readonly close: () => Promise<void>
}

const LOOPBACK = new Set(['127.0.0.1', '::1'])

/**
 * Lets a server listen on loopback, which is all that local mode may. Rejects with Node's error where the port cannot be had. An accept
 * that fails later (no file descriptor left) costs that connection, never the process.
 * @throws {Fault} CONFIGURATION_INVALID for an address other than loopback
 */
export async function listenOnLoopback(
  server: Server,
  { port = 0, host = '127.0.0.1' }: LoopbackAddress,
  {
    graceMs = 0,
    notAccepted = () => undefined,
  }: {
    /** Milliseconds that running requests have when the server closes. */
    readonly graceMs?: number
    readonly notAccepted?: (error: NodeJS.ErrnoException) => void
  } = {},
): Promise<LoopbackServer> {
  if (!LOOPBACK.has(host)) {
    throw new Fault('CONFIGURATION_INVALID', 'local servers listen on loopback addresses only')
  }
  const sockets = trackSockets(server)
  server.listen(port, host)
  await once(server, 'listening')
  server.on('error', notAccepted)
  const address = server.address() as AddressInfo
  return {
    port: address.port,
    authority: `${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: () => closeServer(server, sockets, graceMs),
  }
}

/** Keeps every TCP socket, also those that have not finished a handshake, which an HTTP server does not know. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

async function closeServer(
  server: Server,
  sockets: ReadonlySet<Socket>,
  graceMs: number,
): Promise<void> {
  const closed = once(server, 'close')
  server.close() // of an HTTP server it ends idle connections, too
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy()
  }, graceMs)
  await closed
  clearTimeout(timer)
}
