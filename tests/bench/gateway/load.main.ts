/** The client side of section e in a process of its own, over an IPC channel: is sent the PEMs, then one order at a time. */
import { connect, createSecureContext, type TLSSocket } from 'node:tls'
import { REQUEST } from '../world/measured-request.ts'
import type { Pki } from '../world/start-world.ts'
import type { LoadDone, LoadOrder } from './messages.ts'

const head = (connection: string) =>
  [
    `GET ${REQUEST.path} HTTP/1.1`,
    `Host: ${REQUEST.host}`,
    ...Object.entries(REQUEST.headers).map(([name, value]) => `${name}: ${value}`),
    `Connection: ${connection}`,
    '\r\n',
  ].join('\r\n')
const HEAD = { cold: head('close'), keepAlive: head('keep-alive') }

type Open = (port: number) => Promise<TLSSocket>

function opener(pki: Pki): Open {
  const secureContext = createSecureContext({
    ...{ ca: pki.serverCa, cert: pki.deviceCertificate, key: pki.deviceKey },
  })
  return (port) =>
    new Promise((resolve, reject) => {
      const socket = connect(
        { host: '127.0.0.1', port, servername: REQUEST.host, secureContext },
        () => resolve(socket),
      )
      socket.setNoDelay(true)
      socket.once('error', reject)
    })
}

/** Sends one request and waits until its answer is there whole. */
function exchange(socket: TLSSocket, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = ''
    const take = (chunk: Buffer): void => {
      received += chunk.toString('latin1')
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))?.[1]
      if (received.length < end + 4 + Number(length)) return
      socket.off('data', take)
      if (received.startsWith('HTTP/1.1 200')) resolve()
      else reject(new Error(`answered with ${received.slice(0, 12)}`))
    }
    socket.on('data', take)
    socket.once('error', reject)
    socket.write(request)
  })
}

async function work(open: Open, order: LoadOrder, until: number): Promise<number> {
  let requests = 0
  if (order.mode === 'cold') {
    while (performance.now() < until) {
      const socket = await open(order.port)
      await exchange(socket, HEAD.cold)
      socket.destroy()
      requests += 1
    }
    return requests
  }
  const socket = await open(order.port)
  while (performance.now() < until) {
    await exchange(socket, HEAD.keepAlive)
    socket.removeAllListeners('error')
    requests += 1
  }
  socket.destroy()
  return requests
}

process.once('message', (pki: Pki) => {
  const open = opener(pki)
  process.on('message', async (order: LoadOrder) => {
    const begun = performance.now()
    const until = begun + order.milliseconds
    const counts = await Promise.all(
      Array.from({ length: order.workers }, () => work(open, order, until)),
    )
    const requests = counts.reduce((sum, count) => sum + count, 0)
    process.send?.({ requests, milliseconds: performance.now() - begun } satisfies LoadDone)
  })
  process.send?.({})
})
process.once('disconnect', () => process.exit())
