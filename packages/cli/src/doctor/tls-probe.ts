import { isIP, type Socket, connect as tcpConnect } from 'node:net'
import { Duplex } from 'node:stream'
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls'
import type { Origin, TlsMaterial } from '../http/exchange.ts'
import { type CertificateRequest, findCertificateRequest } from './certificate-request.ts'

/** What came of a try; a code is Node's or OpenSSL's, or `CONNECT_TIMEOUT`. */
export type Tried<Result> =
  | ({ readonly ok: true } & Result)
  | { readonly ok: false; readonly code: string }

/** A handshake that was completed, whoever the server is. */
export type Handshake = {
  /** Such as `TLSv1.3`. */
  readonly protocol: string
  /** Why the server's certificate is not believed; absent when it is. */
  readonly distrust?: string
  readonly serverNotAfter?: Date
}

const LONGEST_MS = 5000
/** More than any server sends before it asks. */
const MOST_BYTES = 65_536

/** Opens a TCP connection and closes it. */
export function tryTcp({ hostname, port }: Origin): Promise<Tried<object>> {
  const socket = tcpConnect({ host: hostname, port })
  return settle(socket, (done) => socket.once('connect', () => done({ ok: true })))
}

/** Completes a TLS handshake with the device's certificate and looks at the server's. */
export function tryTls(
  origin: Origin,
  tls: TlsMaterial,
  longestMilliseconds = LONGEST_MS,
): Promise<Tried<Handshake>> {
  return guarded(() => {
    const socket = tlsConnect(optionsOf(origin, tls))
    const begin = (done: (result: Tried<Handshake>) => void) =>
      socket.once('secureConnect', () => done({ ok: true, ...handshakeOf(socket) }))
    return settle(socket, begin, longestMilliseconds)
  })
}

/**
 * Asks whether the server wants a client certificate: listens in on a handshake at TLS 1.2, whose beginning is in the clear. Not
 * ok where the server does not speak it.
 */
export function tryCertificateRequest(origin: Origin): Promise<Tried<CertificateRequest>> {
  const { hostname: host, port } = origin
  const wire = tcpConnect({ host, port })
  let received = Buffer.alloc(0)
  return settle(wire, (done, fail) => {
    const tapped = tap(wire, (chunk) => {
      received = Buffer.concat([received, chunk])
      const request = findCertificateRequest(received)
      if (request !== undefined) done({ ok: true, ...request })
      else if (received.length > MOST_BYTES) fail('ANSWER_TOO_LARGE')
    })
    const version = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
    const socket = tlsConnect({ ...optionsOf(origin, {}), ...version, socket: tapped })
    socket.on('error', (thrown) => fail(codeOf(thrown)))
    wire.once('close', () => socket.destroy())
  })
}

/** A server that is not trusted is looked at as well: what is wrong with it is what is to be reported. No request is sent. */
function optionsOf({ hostname: host, port }: Origin, tls: TlsMaterial): ConnectionOptions {
  const name = isIP(host) === 0 ? { servername: host } : {}
  return { host, port, ...name, ...tls, rejectUnauthorized: false }
}

function handshakeOf(socket: TLSSocket): Handshake {
  const { valid_to } = socket.getPeerCertificate()
  const { authorizationError } = socket
  // Node gives the code of what failed, where the types promise an error.
  const distrust: unknown = socket.authorized ? undefined : authorizationError
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    ...(distrust === undefined ? {} : { distrust: String(distrust) }),
    ...(valid_to === undefined ? {} : { serverNotAfter: new Date(valid_to) }),
  }
}

function tap(wire: Socket, see: (chunk: Buffer) => void): Duplex {
  const duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      wire.write(chunk, () => done())
    },
  })
  wire.on('data', (chunk: Buffer) => {
    see(chunk)
    duplex.push(chunk)
  })
  wire.on('end', () => duplex.push(null))
  return duplex
}

/** Waits for a socket to come to something, in bounded time, and destroys it then. */
function settle<Result>(
  socket: Socket,
  begin: (done: (result: Tried<Result>) => void, fail: (code: string) => void) => void,
  longestMilliseconds = LONGEST_MS,
): Promise<Tried<Result>> {
  return new Promise((resolve) => {
    const done = (result: Tried<Result>) => {
      clearTimeout(timer)
      resolve(result)
      socket.destroy()
    }
    const fail = (code: string) => done({ ok: false, code })
    const timer = setTimeout(fail, longestMilliseconds, 'CONNECT_TIMEOUT')
    socket.once('error', (thrown) => fail(codeOf(thrown)))
    socket.once('close', () => fail('ECONNRESET'))
    begin(done, fail)
  })
}

async function guarded<Result>(work: () => Promise<Tried<Result>>): Promise<Tried<Result>> {
  try {
    return await work()
  } catch (thrown) {
    return { ok: false, code: codeOf(thrown) } // a certificate or key that OpenSSL cannot read
  }
}

function codeOf(thrown: unknown): string {
  const code: unknown = Reflect.get(Object(thrown), 'code')
  return typeof code === 'string' ? code : 'UNKNOWN'
}
