import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** Finds a TCP port of a loopback address that nobody listens on at the moment. */
export async function findFreePort(host?: string): Promise<number> {
  return bindOnce(0, host)
}

/** Listens on a loopback port for a moment and gives its number: fails where a server would fail, before anything was started. */
export async function bindOnce(port: number, host = '127.0.0.1'): Promise<number> {
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  const found = (server.address() as AddressInfo).port
  server.close()
  await once(server, 'close')
  return found
}
