import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'

/** Opens a TLS connection and waits for its handshake; sessions to resume come before it (TLS 1.2) or after it (1.3). */
export function openTls(
  port: number,
  options: ConnectionOptions,
  onSession: (session: Buffer) => void = () => undefined,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ...options }, () =>
      resolve(socket),
    )
    socket.once('error', reject)
    socket.on('session', onSession)
  })
}

/** Writes the text as it is, and reads until the server ends the connection. */
export async function exchangeText(socket: TLSSocket, text: string): Promise<string> {
  const chunks: Buffer[] = []
  const ended = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
  })
  socket.write(text)
  await ended
  return Buffer.concat(chunks).toString()
}
