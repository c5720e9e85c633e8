import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { parseTenantId } from '@thingpass/core/names'
import { expect, test } from 'vitest'
import { createKmsTenantSigners, type KmsCalls } from './kms-tenant-signers.ts'

const acme = parseTenantId('acme')!

/** KMS in memory: keys by id, aliases, and what was called. */
function fakeKms(change: Partial<KmsCalls> = {}) {
  const keys = new Map<string, KeyObject>()
  const aliases = new Map<string, string>()
  const deleted: string[] = []
  const tagged: object[] = []
  const keyOf = (keyId: string) => keys.get(aliases.get(keyId) ?? keyId)
  const kms: KmsCalls = {
    getPublicKey: async (keyId) => {
      const key = keyOf(keyId)
      return key && createPublicKey(key).export({ type: 'spki', format: 'der' })
    },
    createKey: async (tags) => {
      tagged.push(tags)
      const keyId = `key-${keys.size + 1}`
      keys.set(keyId, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
      return keyId
    },
    createAlias: async (alias, keyId) => {
      if (aliases.has(alias)) return false
      aliases.set(alias, keyId)
      return true
    },
    scheduleKeyDeletion: async (keyId) => {
      deleted.push(keyId)
    },
    // KMS is given a digest, so what is verified is a signature over the digest itself.
    signDigest: async (keyId, digest) => sign(null, digest, keyOf(keyId)!),
    ...change,
  }
  const open = createKmsTenantSigners({ kms, aliasPrefix: 'thingpass/dev' })
  return { open, aliases, keys, deleted, tagged }
}

test('a key is made on first use, under the name of stage and tenant, and found from then on', async () => {
  const { open, aliases, keys, tagged } = fakeKms()
  const [first, again] = [await open(acme), await open(acme)]
  expect(again.publicKey).toEqual(first.publicKey)
  expect([...aliases]).toEqual([['alias/thingpass/dev/acme', 'key-1']])
  expect(keys.size).toBe(1)
  expect(tagged).toEqual([{ 'thingpass:TenantId': 'acme' }])
})

test('of many that make it at once one wins, and the other keys are deleted', async () => {
  const { open, aliases, keys, deleted } = fakeKms()
  const signers = await Promise.all(Array.from({ length: 5 }, () => open(acme)))
  const hex = signers.map(({ publicKey }) => Buffer.from(publicKey).toString('hex'))
  expect(new Set(hex).size).toBe(1)
  expect(deleted).toHaveLength(keys.size - 1)
  expect(deleted).not.toContain(aliases.get('alias/thingpass/dev/acme'))
})

test('KMS is asked to sign the SHA-256 of what is to be signed', async () => {
  const digests: string[] = []
  const { open } = fakeKms({
    signDigest: async (keyId, digest) => {
      digests.push(`${keyId} ${Buffer.from(digest).toString('hex')}`)
      return Buffer.from('signature')
    },
  })
  const { sign: signIt } = await open(acme)
  expect(await signIt(Buffer.from('abc'))).toEqual(Buffer.from('signature'))
  expect(digests).toEqual([
    'alias/thingpass/dev/acme ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ])
})

const refused = new Error('AccessDeniedException: a request id and more')
const fail = () => Promise.reject(refused)
test.each<[string, Partial<KmsCalls>]>([
  ['GetPublicKey', { getPublicKey: fail }],
  ['CreateKey', { createKey: fail }],
  ['CreateAlias', { createAlias: fail }],
  ['ScheduleKeyDeletion', { createAlias: async () => false, scheduleKeyDeletion: fail }],
  ['Sign', { signDigest: fail }],
])('a failure of %s is a fault that names it', async (operation, change) => {
  const { open } = fakeKms(change)
  const signing = open(acme).then((signer) => signer.sign(Buffer.from('x')))
  await expect(signing).rejects.toMatchObject({
    code: 'UNEXPECTED',
    message: `KMS ${operation} failed`,
  })
})

test('a key that KMS has made and does not find is a fault', async () => {
  const { open } = fakeKms({ getPublicKey: async () => undefined })
  await expect(open(acme)).rejects.toMatchObject({ code: 'UNEXPECTED' })
})
