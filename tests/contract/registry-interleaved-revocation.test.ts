import type { NewRevocationList } from '@thingpass/core/registry-writes/revocation-lists'
import { expect } from 'vitest'
import { listOf } from './registry-revocation.ts'
import { describeRivals, inSeries, type Row, row } from './registry-rivals.ts'
import type { Scene } from './registry-scene.ts'
import * as world from './registry-world.ts'

const { changed, done, refused, unchanged } = world

/** Puts a list with some thirty entries of its own for the scene's CA; one number is one content unless a row says otherwise. */
const put =
  (number: bigint, change: Partial<NewRevocationList> = {}) =>
  ({ writes, ca }: Scene) => {
    const serials = Array.from(
      { length: 30 },
      (_, index) => `${number}${(index + 16).toString(16)}`,
    )
    const sha256 = number.toString(16).padStart(64, '0')
    const list = listOf(ca, serials, { number, sha256, ...change })
    return writes.putRevocationList({ ...ca.record, list })
  }
const other = { sha256: 'f'.repeat(64) }

const drop = ({ writes, ca }: Scene) =>
  inSeries(
    () => writes.updateCa({ ...ca.record, status: 'INACTIVE' }),
    async () => expect(await writes.deleteCa(ca.record)).toEqual(done),
  )
const register = ({ writes, ca }: Scene) => writes.registerCa(ca)
const renewed = ({ ca }: Scene) => ({
  ...world.newCa(ca.record.tenantId),
  publicKeySha256: ca.publicKeySha256,
  subjectSha256: ca.subjectSha256,
})
const renamed = (it: Scene) => ({ ...renewed(it), subjectSha256: world.newDigest() })

const inForce =
  (expected: object | undefined): NonNullable<Row['after']> =>
  async ({ writes, ca }) => {
    const found = await writes.getRevocationList(ca.record)
    if (expected === undefined) expect(found).toEqual(refused('ca-unknown'))
    else expect(found).toMatchObject({ ok: true, list: expected })
  }
const isListed: NonNullable<Row['after']> = async ({ writes, ca }) =>
  expect(await writes.getCa(ca.record)).toMatchObject({
    record: { revocationListKey: ca.publicKeySha256 },
  })

const before = put(1n)
/** When an upload no longer keeps others out. */
const rivalAfterSeconds = 60

// Each row also leaves no row of a list that is not in force, and no CA that does not say that its key has one.
const rows: Readonly<Record<string, Row>> = {
  'T28: put a first list: another puts an older one': row(put(5n), put(3n), changed, {
    after: inForce({ number: 5n }),
  }),
  'T28: put a first list: another puts a newer one meanwhile': row(put(3n), put(5n), changed, {
    after: inForce({ number: 3n }),
  }),
  'T28: put a first list: another puts a newer one': row(put(3n), put(5n), refused('list-older'), {
    rivalAfterSeconds,
    after: inForce({ number: 5n }),
  }),
  'T28: put a first list: another that took its place puts an older one': row(
    put(5n),
    put(3n),
    refused('list-being-put'),
    { rivalAfterSeconds, after: inForce({ number: 3n }) },
  ),
  'T28: put a first list: another puts one of its number': row(
    put(3n),
    put(3n, other),
    refused('list-number-reused'),
    { rivalAfterSeconds, after: inForce(other) },
  ),
  'put a first list: another puts the same': row(put(3n), put(3n), unchanged, {
    rivalAfterSeconds,
  }),
  'put a first list: another puts the same with another grace': row(
    put(3n),
    put(3n, { graceSeconds: 7 }),
    changed,
    { rivalAfterSeconds, after: inForce({ graceSeconds: 3600 }) },
  ),
  'put a first list: its CA is deleted': row(put(3n), drop, refused('ca-unknown'), {
    after: inForce(undefined),
  }),
  'put a first list: its CA is deleted and registered again': row(
    put(3n),
    (it) =>
      inSeries(
        () => drop(it),
        () => register(it),
      ),
    changed,
    { after: isListed },
  ),
  'T28: put a first list: another CA gets its key': row(
    put(3n),
    (it) => it.writes.registerCa(renewed(it)),
    changed,
  ),
  'T28: put a first list: another CA of its key takes the place of one': row(
    put(3n),
    (it) =>
      inSeries(
        () => drop(it),
        () => register(it),
      ),
    changed,
    { before: (it) => it.writes.registerCa(renewed(it)), after: isListed },
  ),
  'put a first list: a CA of its key and another name is registered': row(
    put(3n),
    (it) => it.writes.registerCa(renamed(it)),
    refused('key-of-several-names'),
  ),
  'T28: register a CA: its key gets its first list': row(
    (it) => it.writes.registerCa(renewed(it)),
    put(3n),
    done,
  ),
  'T28: put a list: another puts an older one': row(put(5n), put(3n), changed, {
    before,
    after: inForce({ number: 5n }),
  }),
  'T28: put a list: another puts a newer one meanwhile': row(put(3n), put(5n), changed, {
    before,
    after: inForce({ number: 3n }),
  }),
  'T28: put a list: another that took its place puts an older one': row(
    put(5n),
    put(3n),
    refused('list-being-put'),
    { before, rivalAfterSeconds, after: inForce({ number: 3n }) },
  ),
  'T28: put a list: another puts a newer one': row(put(3n), put(5n), refused('list-older'), {
    ...{ before, rivalAfterSeconds },
    after: inForce({ number: 5n }),
  }),
  'T28: put a list: another puts one of its number': row(
    put(3n),
    put(3n, other),
    refused('list-number-reused'),
    { before, rivalAfterSeconds },
  ),
  'put a list: another puts the same': row(put(3n), put(3n), unchanged, {
    ...{ before, rivalAfterSeconds },
  }),
  'put a list: the grace of the one before changes': row(
    put(3n),
    put(1n, { graceSeconds: 7 }),
    changed,
    { before, after: inForce({ number: 3n, graceSeconds: 3600 }) },
  ),
  'put a list: its CA is deleted': row(put(3n), drop, refused('ca-unknown'), { before }),
  'put a list: its CA is deleted and registered again': row(
    put(3n),
    (it) =>
      inSeries(
        () => drop(it),
        () => register(it),
      ),
    changed,
    { before, after: isListed },
  ),
  'change a grace: another changes it': row(
    put(1n, { graceSeconds: 5 }),
    put(1n, { graceSeconds: 7 }),
    changed,
    { before, after: inForce({ graceSeconds: 5 }) },
  ),
  'change a grace: another changes it so': row(
    put(1n, { graceSeconds: 5 }),
    put(1n, { graceSeconds: 5 }),
    unchanged,
    { before },
  ),
  'change a grace: a newer list is put': row(
    put(1n, { graceSeconds: 5 }),
    put(2n),
    refused('list-older'),
    { before, after: inForce({ number: 2n, graceSeconds: 3600 }) },
  ),
  'change a CA: its first list is put': row(
    (it) => it.writes.updateCa({ ...it.ca.record, status: 'INACTIVE' }),
    put(1n),
    changed,
    { after: isListed },
  ),
  'delete a CA: its first list is put': row(
    (it) => it.writes.deleteCa(it.ca.record),
    put(1n),
    done,
    { before: (it) => it.writes.updateCa({ ...it.ca.record, status: 'INACTIVE' }) },
  ),
}

describeRivals(rows)
