import { type AddressInfo, createServer, type Server } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { issueCa, issueServerCertificate } from '@thingpass/local/pki/issue-certificate'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Origin } from '../http/exchange.ts'
import { tryCertificateRequest, tryTcp, tryTls } from './tls-probe.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

let ca: Awaited<ReturnType<typeof issueCa>>
let server: Awaited<ReturnType<typeof issueServerCertificate>>
beforeAll(async () => {
  const now = new Date()
  ca = await issueCa({ commonName: 'CA', now, validDays: 1 })
  const names = { dnsNames: ['localhost'], addresses: [] }
  server = await issueServerCertificate(ca, {
    commonName: 'localhost',
    now,
    validDays: 1,
    ...names,
  })
})

async function listen(listening: Server): Promise<Origin> {
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', () => resolve()))
  closing.push(() => listening.close())
  const { port } = listening.address() as AddressInfo
  return { protocol: 'https:', hostname: 'localhost', port }
}
const serveTls = (options: TlsOptions = {}) => {
  const { certificatePem: cert, privateKeyPem: key } = server
  const listening = createTlsServer({ cert, key, ...options }, (socket) => {
    socket.on('error', () => undefined)
    closing.push(() => socket.destroy())
  })
  return listen(listening)
}
const serveTcp = (answer = '') =>
  listen(
    createServer((socket) => {
      socket.on('error', () => undefined)
      if (answer !== '') socket.end(answer)
      closing.push(() => socket.destroy())
    }),
  )
const nowhere = async () => {
  const origin = await serveTcp()
  for (const close of closing.splice(0)) close()
  return origin
}

test('a port is open, or the code says why not', async () => {
  expect(await tryTcp(await serveTcp())).toEqual({ ok: true })
  expect(await tryTcp(await nowhere())).toEqual({ ok: false, code: 'ECONNREFUSED' })
})

test('a handshake tells protocol and trust', async () => {
  expect(await tryTls(await serveTls(), { ca: ca.certificatePem })).toEqual({
    ...{ ok: true, protocol: 'TLSv1.3', serverNotAfter: expect.any(Date) },
  })
})

test.each<[string, Partial<Origin>, boolean, string]>([
  ['a CA that is not trusted', {}, false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [
    'a certificate of another name',
    { hostname: '127.0.0.1' },
    true,
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
])('a handshake is completed with %s, and tells it', async (_, changed, trusted, distrust) => {
  const origin = { ...(await serveTls()), ...changed }
  const tls = trusted ? { ca: ca.certificatePem } : {}
  expect(await tryTls(origin, tls)).toMatchObject({ ok: true, distrust })
})

test.each([
  ['a port without TLS', () => serveTcp('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['a port that is closed', nowhere],
])('no handshake is completed at %s', async (_, start) => {
  expect(await tryTls(await start(), {})).toEqual({ ok: false, code: expect.any(String) })
})

test('a handshake that hangs is given up', async () => {
  const tried = await tryTls(await serveTcp(), {}, 50)
  expect(tried).toEqual({ ok: false, code: 'CONNECT_TIMEOUT' })
})

test('a key that is none is told by its code', async () => {
  const tried = await tryTls(await serveTls(), { cert: 'none', key: 'none' })
  expect(tried).toEqual({ ok: false, code: expect.stringContaining('ERR_OSSL_PEM') })
})

test.each<[string, () => TlsOptions, object]>([
  ['that asks for none', () => ({}), { asked: false }],
  [
    'that asks for one of any CA',
    () => ({ requestCert: true, rejectUnauthorized: false }),
    { asked: true, authorities: 0 },
  ],
  [
    'that insists on one of its CA',
    () => ({ requestCert: true, rejectUnauthorized: true, ca: ca.certificatePem }),
    { asked: true, authorities: 1 },
  ],
])('a server %s is known', async (_, options, expected) => {
  expect(await tryCertificateRequest(await serveTls(options()))).toEqual({ ok: true, ...expected })
})

test('a server of TLS 1.3 alone does not tell', async () => {
  const origin = await serveTls({ minVersion: 'TLSv1.3' })
  expect(await tryCertificateRequest(origin)).toMatchObject({ ok: false })
})

test.each([
  ['speaks no TLS', () => serveTcp('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['is not there', nowhere],
])('a server that %s does not tell', async (_, start) => {
  expect(await tryCertificateRequest(await start())).toMatchObject({ ok: false })
})
