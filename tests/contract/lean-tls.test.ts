import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { leanRegistryCalls } from '@thingpass/aws/lean/registry-calls'
import { serviceFailure } from '@thingpass/aws/service-failure'
import { parseRegion } from '@thingpass/core/names'
import { keepServerIdentity } from '@thingpass/local/pki/local-pki'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

/** A loopback address that the certificate does not name. */
const NOT_NAMED = '127.0.0.2'

let directory: string
let caPem: string
let servers: readonly Server[]
let asked: number

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'thingpass-lean-'))
  const identity = await keepServerIdentity(directory, new Date())
  caPem = identity.caPem
  const { certificatePem: cert, privateKeyPem: key } = identity.server
  servers = await Promise.all(
    ['127.0.0.1', NOT_NAMED].map(async (host) => {
      const server = createServer({ cert, key }, (_, response) => {
        asked++
        response.end('{"Items":[]}')
      })
      await new Promise<void>((resolve) => server.listen(0, host, resolve))
      return server
    }),
  )
})
beforeEach(() => {
  asked = 0
})
const trusted = getCACertificates('default')
afterEach(() => {
  setDefaultCACertificates(trusted)
  vi.unstubAllEnvs()
})
afterAll(async () => {
  for (const server of servers) server.closeAllConnections()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  await rm(directory, { recursive: true })
})

const UNTRUSTED =
  /^unreachable (?:UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/

/** A query over a wire of its own, and how it failed if it did. */
async function outcomeOf(host: string): Promise<string> {
  const addresses = servers.map((server) => server.address() as AddressInfo)
  const { port } = addresses.find(({ address }) => address === host)!
  const calls = leanRegistryCalls({
    region: parseRegion('us-east-1')!,
    endpoint: `https://${host}:${port}`,
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    clock: () => new Date(),
    random: () => 0,
  })
  try {
    await calls.query({ TableName: 'registry' }, new AbortController().signal)
    return 'answered'
  } catch (thrown) {
    const { kind, name } = serviceFailure(thrown)
    return `${kind} ${name}`
  } finally {
    calls.close()
  }
}

test('a server with a certificate of an authority that is trusted is asked', async () => {
  setDefaultCACertificates([...trusted, caPem])
  await expect(outcomeOf('127.0.0.1')).resolves.toBe('answered')
  expect(asked).toBe(1)
})

test('a server with a certificate of another authority is asked nothing', async () => {
  await expect(outcomeOf('127.0.0.1')).resolves.toMatch(UNTRUSTED)
  expect(asked).toBe(0)
})

test('nor does the variable that switches verification off change that', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  await expect(outcomeOf('127.0.0.1')).resolves.toMatch(UNTRUSTED)
  expect(asked).toBe(0)
})

test('a server whose certificate names another host is asked nothing', async () => {
  setDefaultCACertificates([...trusted, caPem])
  await expect(outcomeOf(NOT_NAMED)).resolves.toBe('unreachable ERR_TLS_CERT_ALTNAME_INVALID')
  expect(asked).toBe(0)
})
