import { createPrivateKey, createPublicKey } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Identity } from '@thingpass/local/pki/issue-certificate'
import { keepDeviceCa } from '@thingpass/local/pki/local-pki'
import { createIdentify } from '@thingpass/x509/identify'
import { readCertificate } from '@thingpass/x509/read-certificate'
import { createRevocationList } from '@thingpass/x509/testing/revocation-lists'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect, fleetOf, idOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { runCommand } from '../support/run-command.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const HOUR_MS = 3_600_000
const API = 'arn:aws:execute-api:us-east-1:123456789012:local/$default'
const CREDENTIALS = '/role-aliases/demo-camera/credentials'

let stack: TestStack
let ahead = 0
let authority: Identity
let caId: string
let issued: string
const devices = new Map<string, Awaited<ReturnType<typeof connect>>>()
const serials = new Map<string, bigint>()

beforeAll(async () => {
  stack = await startTestStack([], () => new Date(Date.now() + ahead))
  const fleet = fleetOf(stack, 'default')
  await fleet.addPolicy(
    'all-of-it',
    { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${API}/GET/whoami` },
    {
      Effect: 'Allow',
      Action: 'iot:AssumeRoleWithCertificate',
      Resource: 'arn:aws:iot:us-east-1:123456789012:rolealias/demo-camera',
    },
  )
  for (const thing of ['lost', 'kept']) {
    const identity = await fleet.addDevice({ thing, policies: ['all-of-it'] })
    const identified = createIdentify()(identity.certificatePem)
    if (!identified.ok) throw new Error(identified.reason)
    serials.set(thing, BigInt(`0x${identified.certificate.facts.serialNumber}`))
    devices.set(thing, await connect(stack, identity))
    issued = identity.certificatePem
  }
  authority = await keepDeviceCa(stack.dataDir, 'default', new Date())
  caId = idOf(authority.certificatePem)
})
afterAll(async () => {
  for (const device of devices.values()) device.close()
  await stack.close()
})

/** A list of the demo CA, in a file. */
async function listFile(number: bigint, revoked: readonly string[], form: 'pem' | 'der' = 'pem') {
  const read = readCertificate(issued)
  if (!read.ok) throw new Error(read.flaw)
  const privateKey = createPrivateKey(authority.privateKeyPem)
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const list = createRevocationList(
    { subject: 'as below', key: { privateKey, publicKey } } as never,
    {
      ...{ number, issuerName: read.certificate.issuerDer, authorityKeyId: false },
      entries: revoked.map((thing) => serials.get(thing)!),
      thisUpdate: new Date(Math.floor(Date.now() / 1000) * 1000),
      nextUpdate: new Date(Math.floor(Date.now() / 1000) * 1000 + 24 * HOUR_MS),
    },
  )
  const path = join(stack.dataDir, `list-${number}.${form}`)
  await writeFile(path, list[form])
  return path
}

const cas = (...words: readonly string[]) =>
  runCommand(['cas', ...words, '--endpoint', stack.controlUrl, '--data-dir', stack.dataDir])

/** What a device is answered, over the connection that it has had all along. */
async function ask(thing: string, path: string) {
  const answer = await devices.get(thing)!.get(`${stack.url}${path}`, {
    'x-amzn-iot-thingname': thing,
  })
  const { reason } = ((await stack.audited()).at(-1) ?? {}) as { reason?: string }
  return [answer.status, reason]
}

test('T27: a device on the list is refused with its very next request, over the connection it has', async () => {
  for (const thing of ['lost', 'kept']) {
    expect(await ask(thing, CREDENTIALS)).toEqual([200, undefined])
    expect(await ask(thing, '/whoami')).toEqual([200, undefined])
  }
  const put = await cas(
    'crl',
    'put',
    caId,
    '--crl',
    await listFile(1n, ['lost']),
    '--grace',
    '3600',
  )
  expect(put).toMatchObject({ code: 0, err: '' })
  expect(put.out).toMatch(/entryCount +1\n/)
  expect(await ask('lost', CREDENTIALS)).toEqual([403, 'certificate-revoked-by-ca'])
  expect(await ask('lost', '/whoami')).toEqual([403, 'certificate-revoked-by-ca'])
  expect(await ask('kept', CREDENTIALS)).toEqual([200, undefined])
  expect(await ask('kept', '/whoami')).toEqual([200, undefined])
})

test('the command shows which list is in force, and looks serial numbers up', async () => {
  const shown = await cas('crl', 'get', caId, '--json')
  expect(JSON.parse(shown.out)).toMatchObject({
    ...{ number: '1', status: 'CURRENT', graceSeconds: 3600, entryCount: 1 },
  })
  const serialOf = (thing: string) => serials.get(thing)!.toString(16)
  const found = await cas('crl', 'check', caId, serialOf('lost'))
  expect(found.out).toMatch(/revoked +true\n/)
  expect((await cas('crl', 'check', caId, serialOf('kept'))).out).toMatch(/revoked +false\n/)
})

test('T28: an older list is refused, and the one in force stays', async () => {
  const put = await cas('crl', 'put', caId, '--crl', await listFile(0n, []))
  expect(put).toMatchObject({ code: 1, out: '' })
  expect(put.err).toContain('A revocation list with a higher number is in force')
  expect(await ask('lost', CREDENTIALS)).toEqual([403, 'certificate-revoked-by-ca'])
})

test('a newer list lets a device back in, from a file in DER', async () => {
  const path = await listFile(2n, ['kept'], 'der')
  expect(await cas('crl', 'put', caId, '--crl', path, '--grace', '3600')).toMatchObject({ code: 0 })
  expect(await ask('lost', CREDENTIALS)).toEqual([200, undefined])
  expect(await ask('kept', CREDENTIALS)).toEqual([403, 'certificate-revoked-by-ca'])
})

test('T28: a list that is out of date refuses everybody once its grace is over', async () => {
  ahead = 24.5 * HOUR_MS // the local STS keeps real time, so only the API is asked
  expect(await ask('lost', '/whoami')).toEqual([200, undefined])
  ahead = 25.5 * HOUR_MS
  expect(await ask('lost', CREDENTIALS)).toEqual([403, 'revocation-list-expired'])
  expect(await ask('lost', '/whoami')).toEqual([403, 'revocation-list-expired'])
})

test('a file that is not there is said by its name', async () => {
  const put = await cas('crl', 'put', caId, '--crl', '/nowhere/ca.crl')
  expect(put.code).not.toBe(0)
  expect(put.err).toContain('/nowhere/ca.crl cannot be read (ENOENT)')
})
