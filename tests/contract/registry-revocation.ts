import type { CaIdentity, NewCa } from '@thingpass/core/registry-writes/cas'
import type { NewRevocationList } from '@thingpass/core/registry-writes/revocation-lists'
import { describe, expect, test } from 'vitest'
import * as world from './registry-world.ts'

const THIS_UPDATE = new Date('2026-06-01T00:00:00Z')
const NEXT_UPDATE = new Date('2026-06-08T00:00:00Z')

/** A list of a CA; its content follows from what is in it. */
export function listOf(
  { subjectSha256 }: Pick<NewCa, 'subjectSha256'>,
  serialNumbers: readonly string[],
  change: Partial<NewRevocationList> = {},
): NewRevocationList {
  return {
    number: 1n,
    thisUpdate: THIS_UPDATE,
    nextUpdate: NEXT_UPDATE,
    graceSeconds: 3600,
    entryCount: serialNumbers.length,
    sha256: world.newDigest(),
    issuerSha256: subjectSha256,
    serialNumbers: () => serialNumbers,
    ...change,
  }
}

/** Registers a device under a CA; the list is not asked where no serial number is given. */
export async function deviceOf(
  { writes }: Pick<world.RegistryUnderTest, 'writes'>,
  { record: { tenantId, caCertificateId } }: NewCa,
  serialNumber?: string,
) {
  const certificateId = world.newCertificateId()
  const outcome = await writes.registerCertificate({
    ...{ tenantId, certificateId, status: 'ACTIVE' },
    registration: { kind: 'ca', caCertificateId },
    ...(serialNumber === undefined ? {} : { serialNumber }),
  })
  return { certificateId, outcome }
}

/** Revocation lists: which is in force, what it says, and of whom. */
export function describeRevocation(registry: () => world.RegistryUnderTest): void {
  async function begin() {
    const { writes } = registry()
    const tenantId = world.newTenant()
    await writes.putTenant({ record: world.tenantRecord(tenantId) })
    const ca = world.newCa(tenantId)
    await writes.registerCa(ca)
    const { certificateId } = await deviceOf(registry(), ca)
    const put = (serialNumbers: readonly string[], change: Partial<NewRevocationList> = {}) =>
      writes.putRevocationList({ ...ca.record, list: listOf(ca, serialNumbers, change) })
    const revocationOf = async (serialNumber: string, id = certificateId) =>
      (await world.factsOf(registry(), id, { serialNumber })).revocation
    const isRevoked = async (serialNumber: string, id = certificateId) =>
      (await revocationOf(serialNumber, id))?.revoked
    const inForce = async (identity: CaIdentity = ca.record) => {
      const found = await writes.getRevocationList(identity)
      return found.ok ? found.list : found.conflict
    }
    const drop = async ({ record }: NewCa = ca) => {
      await writes.updateCa({ ...record, status: 'INACTIVE' })
      expect(await writes.deleteCa(record)).toEqual(world.done)
    }
    return { writes, tenantId, ca, certificateId, put, revocationOf, isRevoked, inForce, drop }
  }

  test('T28: a CA that never had a list says nothing of its devices', async () => {
    const { writes, ca, certificateId, inForce } = await begin()
    const facts = await world.factsOf(registry(), certificateId)
    expect(facts.ca).toEqual(ca.record)
    expect(facts).not.toHaveProperty('revocation')
    expect(await inForce()).toBeUndefined()
    const asked = { ...ca.record, serialNumber: 'abc' }
    expect(await writes.isRevoked(asked)).toEqual({ ok: true, revoked: undefined })
  })

  test('T27: a list in force refuses what it names on the next read, and nothing else', async () => {
    const { writes, ca, certificateId, put, revocationOf, isRevoked } = await begin()
    const longest = 'f'.repeat(40)
    expect(await put(['0', '5a03', longest])).toEqual(world.changed)
    for (const serial of ['0', '5a03', longest]) expect(await isRevoked(serial)).toBe(true)
    for (const serial of ['1', '5a0', '5a033', 'a03']) expect(await isRevoked(serial)).toBe(false)
    expect(await revocationOf('5a03')).toEqual({
      issuerKeySha256: ca.publicKeySha256,
      serialNumber: '5a03',
      nextUpdate: NEXT_UPDATE,
      graceSeconds: 3600,
      revoked: true,
    })
    expect((await world.factsOf(registry(), certificateId)).ca).toEqual({
      ...ca.record,
      revocationListKey: ca.publicKeySha256,
    })
    const ask = (serialNumber: string) => writes.isRevoked({ ...ca.record, serialNumber })
    expect(await ask('5a03')).toEqual({ ok: true, revoked: true })
    expect(await ask('5a04')).toEqual({ ok: true, revoked: false })
  })

  test('an empty list names nobody, and is a list', async () => {
    const { put, isRevoked, inForce } = await begin()
    expect(await put([])).toEqual(world.changed)
    expect(await isRevoked('1')).toBe(false)
    expect(await inForce()).toMatchObject({ entryCount: 0 })
  })

  test('what is shown of a list is all but its entries', async () => {
    const { ca, inForce, writes, tenantId } = await begin()
    const list = listOf(ca, ['1', '2'], { number: 2n ** 160n - 1n })
    await writes.putRevocationList({ ...ca.record, list })
    const { serialNumbers: _serials, issuerSha256: _issuer, ...shown } = list
    expect(await inForce()).toEqual({ ...shown, putAt: world.NOW_STORED })
    expect(await registry().changes(tenantId)).toContainEqual(
      expect.objectContaining({
        action: 'put-revocation-list',
        subject: `cacert/${ca.record.caCertificateId}`,
      }),
    )
  })

  test('a newer list takes the place of the older as a whole', async () => {
    const { put, isRevoked, inForce } = await begin()
    await put(['a', 'b'])
    expect(await put(['b', 'c'], { number: 2n })).toEqual(world.changed)
    expect(await isRevoked('a')).toBe(false)
    expect(await isRevoked('b')).toBe(true)
    expect(await isRevoked('c')).toBe(true)
    expect(await inForce()).toMatchObject({ number: 2n, entryCount: 2 })
  })

  describe('T28: the number', () => {
    test('never goes back', async () => {
      const { put, isRevoked } = await begin()
      await put(['a'], { number: 7n })
      expect(await put([], { number: 6n })).toEqual(world.refused('list-older'))
      expect(await put([], { number: 0n })).toEqual(world.refused('list-older'))
      expect(await isRevoked('a')).toBe(true)
    })

    test('is compared as a number, also beyond what doubles hold', async () => {
      const { put } = await begin()
      const number = 2n ** 100n
      expect(await put([], { number: 9n })).toEqual(world.changed)
      expect(await put([], { number: 10n })).toEqual(world.changed)
      expect(await put([], { number })).toEqual(world.changed)
      expect(await put([], { number: number - 1n })).toEqual(world.refused('list-older'))
      expect(await put([], { number: number + 1n })).toEqual(world.changed)
    })

    test('stands for one list', async () => {
      const { put, isRevoked } = await begin()
      await put(['a'])
      expect(await put([])).toEqual(world.refused('list-number-reused'))
      expect(await isRevoked('a')).toBe(true)
    })
  })

  test('the same list again changes nothing but its grace', async () => {
    const { put, revocationOf, tenantId, inForce } = await begin()
    const sha256 = world.newDigest()
    await put(['a'], { sha256 })
    const made = (await registry().changes(tenantId)).length
    expect(await put(['a'], { sha256 })).toEqual(world.unchanged)
    expect(await registry().changes(tenantId)).toHaveLength(made)
    const later = new Date(world.NOW.getTime() + 60_000)
    const again = () => put(['a'], { sha256, graceSeconds: 0 })
    expect(await registry().at(later, again)).toEqual(world.changed)
    expect(await revocationOf('a')).toMatchObject({ graceSeconds: 0, revoked: true })
    expect(await inForce()).toMatchObject({ graceSeconds: 0, putAt: world.NOW_STORED })
    expect(await registry().changes(tenantId)).toHaveLength(made + 1)
  })

  test('T28: a list of another issuer is refused', async () => {
    const { put, inForce } = await begin()
    const issuerSha256 = world.newDigest()
    const refused = world.refused('list-of-other-issuer')
    expect(await put(['a'], { issuerSha256 })).toEqual(refused)
    expect(await inForce()).toBeUndefined()
    await put(['a'])
    expect(await put([], { number: 2n, issuerSha256 })).toEqual(refused)
  })

  test("another tenant's CA is unknown", async () => {
    const { writes, ca, put } = await begin()
    await put(['a'])
    const identity = { ...ca.record, tenantId: world.newTenant() }
    const list = listOf(ca, [], { number: 2n })
    const unknown = world.refused('ca-unknown')
    expect(await writes.putRevocationList({ ...identity, list })).toEqual(unknown)
    expect(await writes.getRevocationList(identity)).toEqual(unknown)
    expect(await writes.isRevoked({ ...identity, serialNumber: 'a' })).toEqual(unknown)
  })

  test('two CAs have lists of their own, though a serial number is on both', async () => {
    const { writes, tenantId, put, isRevoked } = await begin()
    const other = world.newCa(tenantId)
    await writes.registerCa(other)
    const { certificateId } = await deviceOf(registry(), other)
    await put(['a'])
    expect(await isRevoked('a', certificateId)).toBeUndefined()
    const list = listOf(other, ['b'])
    await writes.putRevocationList({ ...other.record, list })
    expect(await isRevoked('a', certificateId)).toBe(false)
    expect(await isRevoked('b', certificateId)).toBe(true)
    expect(await isRevoked('b')).toBe(false)
  })

  describe('CAs that share a key', () => {
    const renewedOf = (ca: NewCa): NewCa => ({
      ...world.newCa(ca.record.tenantId),
      publicKeySha256: ca.publicKeySha256,
      subjectSha256: ca.subjectSha256,
    })

    test('share its list, whichever of them it was put for', async () => {
      const { writes, ca, put, isRevoked, inForce } = await begin()
      const renewed = renewedOf(ca)
      await writes.registerCa(renewed)
      const { certificateId } = await deviceOf(registry(), renewed)
      await put(['a'])
      expect(await isRevoked('a', certificateId)).toBe(true)
      const list = listOf(renewed, ['b'], { number: 2n })
      expect(await writes.putRevocationList({ ...renewed.record, list })).toEqual(world.changed)
      expect(await isRevoked('b')).toBe(true)
      expect(await inForce(renewed.record)).toEqual(await inForce())
    })

    test('share it when one of them is registered later', async () => {
      const { writes, ca, put, isRevoked } = await begin()
      await put(['a'])
      const renewed = renewedOf(ca)
      await writes.registerCa(renewed)
      const { certificateId } = await deviceOf(registry(), renewed)
      expect(await isRevoked('a', certificateId)).toBe(true)
    })

    test('have no first list while they have several names', async () => {
      const { writes, ca, put, isRevoked, drop } = await begin()
      const renamed = { ...renewedOf(ca), subjectSha256: world.newDigest() }
      await writes.registerCa(renamed)
      const { certificateId } = await deviceOf(registry(), renamed)
      expect(await put(['a'])).toEqual(world.refused('key-of-several-names'))
      const list = listOf(renamed, ['a'])
      expect(await writes.putRevocationList({ ...renamed.record, list })).toEqual(
        world.refused('key-of-several-names'),
      )
      expect(await isRevoked('a')).toBeUndefined()
      expect(await isRevoked('a', certificateId)).toBeUndefined()
      await drop(renamed)
      expect(await put(['a'])).toEqual(world.changed)
    })

    test('are not those that share a name only', async () => {
      const { writes, ca, put, isRevoked } = await begin()
      const namesake = { ...world.newCa(ca.record.tenantId), subjectSha256: ca.subjectSha256 }
      await writes.registerCa(namesake)
      const { certificateId } = await deviceOf(registry(), namesake)
      const renamed = { ...renewedOf(ca), subjectSha256: world.newDigest() }
      await writes.registerCa(renamed)
      expect(await put(['a'])).toEqual(world.refused('key-of-several-names'))
      await writes.updateCa({ ...renamed.record, status: 'INACTIVE' })
      await writes.deleteCa(renamed.record)
      expect(await put(['a'])).toEqual(world.changed)
      expect(await isRevoked('a')).toBe(true)
      expect((await world.factsOf(registry(), certificateId)).ca).toEqual(namesake.record)
    })

    test('are all looked up in the one list, though a later one has another name', async () => {
      const { writes, ca, put, isRevoked } = await begin()
      await put(['a'])
      const renamed = { ...renewedOf(ca), subjectSha256: world.newDigest() }
      await writes.registerCa(renamed)
      const { certificateId } = await deviceOf(registry(), renamed)
      expect(await isRevoked('a', certificateId)).toBe(true)
      const list = listOf(renamed, [], { number: 2n })
      expect(await writes.putRevocationList({ ...renamed.record, list })).toEqual(
        world.refused('list-of-other-issuer'),
      )
    })
  })

  describe('T28: a CA that is deleted and registered again', () => {
    test('has its list still, and its numbers do not begin anew', async () => {
      const { writes, ca, put, isRevoked, drop } = await begin()
      await put(['a'], { number: 7n })
      await drop()
      await writes.registerCa(ca)
      expect(await isRevoked('a')).toBe(true)
      expect(await put([], { number: 6n })).toEqual(world.refused('list-older'))
      expect(await put([], { number: 8n })).toEqual(world.changed)
      expect(await isRevoked('a')).toBe(false)
    })

    test('has it also when another tenant registers it', async () => {
      const { writes, ca, put, drop } = await begin()
      await put(['a'], { number: 7n })
      await drop()
      const tenantId = world.newTenant()
      const taken = { ...ca, record: { ...ca.record, tenantId } }
      expect(await writes.registerCa(taken)).toEqual(world.done)
      const { certificateId } = await deviceOf(registry(), taken)
      const facts = await world.factsOf(registry(), certificateId, { serialNumber: 'a' })
      expect(facts.revocation).toMatchObject({ revoked: true })
      const list = listOf(taken, [], { number: 6n })
      expect(await writes.putRevocationList({ ...taken.record, list })).toEqual(
        world.refused('list-older'),
      )
    })

    test('has no list put for it in between', async () => {
      const { put, drop } = await begin()
      await drop()
      expect(await put(['a'])).toEqual(world.refused('ca-unknown'))
    })
  })

  test('a certificate that the list names is not registered', async () => {
    const { ca, put } = await begin()
    expect(await deviceOf(registry(), ca, 'a')).toMatchObject({ outcome: { ok: true } })
    await put(['a'])
    const { outcome } = await deviceOf(registry(), ca, 'a')
    expect(outcome).toEqual(world.refused('certificate-revoked-by-ca'))
    expect(await deviceOf(registry(), ca, 'b')).toMatchObject({ outcome: { ok: true } })
  })

  test('a device that was registered without CA has no list', async () => {
    const { writes, tenantId, put } = await begin()
    await put(['abc'])
    const certificateId = world.newCertificateId()
    await writes.registerCertificate({
      ...{ tenantId, certificateId, status: 'ACTIVE', serialNumber: 'abc' },
      registration: { kind: 'without-ca' },
    })
    const facts = await world.factsOf(registry(), certificateId)
    expect(facts.certificate).toMatchObject({ certificateId })
    expect(facts).not.toHaveProperty('revocation')
  })

  test('a thousand entries are all found, and their neighbours are not', async () => {
    const { put, isRevoked } = await begin()
    const serials = Array.from({ length: 1000 }, (_, index) => (index * 2 + 1).toString(16))
    expect(await put(serials)).toEqual(world.changed)
    for (const index of [0, 1, 499, 500, 998, 999]) {
      expect(await isRevoked((index * 2 + 1).toString(16))).toBe(true)
      expect(await isRevoked((index * 2 + 2).toString(16))).toBe(false)
    }
  })

  test('T38: a list whose serial numbers were sought for one shard is refused', async () => {
    const { put, isRevoked } = await begin()
    await put(['a'])
    // One serial number many times stands for many that share a shard.
    const ground = (count: number) => Array.from({ length: count }, () => 'f'.repeat(40))
    const change = { number: 2n }
    expect(await put(ground(2498), change)).toEqual(world.refused('list-of-one-shard'))
    expect(await isRevoked('a')).toBe(true)
    expect(await put(ground(2497), change)).toEqual(world.changed)
    expect(await isRevoked('a')).toBe(false)
  })

  test('of many who put lists at once, the highest number is in force', async () => {
    const { put, inForce, isRevoked } = await begin()
    const numbers = [3n, 1n, 5n, 2n, 4n]
    // One upload of a key at a time: who comes meanwhile is refused, and tries again.
    const putAtLast = async (number: bigint) => {
      for (;;) {
        const outcome = await put([number.toString(16)], { number })
        if (outcome.ok || outcome.conflict !== 'list-being-put') return outcome
      }
    }
    const outcomes = await Promise.all(numbers.map(putAtLast))
    expect(outcomes[2]).toEqual(world.changed)
    for (const outcome of outcomes)
      expect([world.changed, world.refused('list-older')]).toContainEqual(outcome)
    expect(await inForce()).toMatchObject({ number: 5n })
    expect(await isRevoked('5')).toBe(true)
    expect(await isRevoked('4')).toBe(false)
  })
}
