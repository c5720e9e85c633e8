import { hash } from 'node:crypto'
import type { FactsQuery } from '../src/facts.ts'
import type { CaRecord } from '../src/records.ts'
import {
  judgeSuccession,
  type NewRevocationList,
  type RevocationListWrites,
} from '../src/registry-writes/revocation-lists.ts'
import type { RevocationFacts } from '../src/revocation.ts'
import {
  type FakeCa,
  type FakeRevocationList,
  type FakeState,
  type FakeWorld,
  keyOf,
  refuse,
} from './fake-registry-state.ts'

const findCa = (
  { cas }: FakeState,
  { tenantId, caCertificateId }: Pick<CaRecord, 'tenantId' | 'caCertificateId'>,
) => cas.get(keyOf(tenantId, caCertificateId))

/** Revocation lists of a fake registry. */
export function fakeRevocationListWrites(world: FakeWorld): RevocationListWrites {
  const { state } = world
  return {
    putRevocationList: async ({ list, ...identity }) => {
      const ca = findCa(state, identity)
      if (!ca) return refuse('ca-unknown')
      const isOfOneShard = isNewer(world, ca, list) && !areStorable(list)
      return isOfOneShard ? refuse('list-of-one-shard') : put(world, ca, list)
    },
    getRevocationList: async (identity) => {
      const ca = findCa(state, identity)
      if (!ca) return refuse('ca-unknown')
      const found = state.revocationLists.get(ca.key)
      return { ok: true, list: found && describe(found) }
    },
    isRevoked: async ({ serialNumber, ...identity }) => {
      const ca = findCa(state, identity)
      if (!ca) return refuse('ca-unknown')
      return {
        ok: true,
        revoked: state.revocationLists.get(ca.key)?.serialNumbers.has(serialNumber),
      }
    },
  }
}

function isNewer({ state }: FakeWorld, ca: FakeCa, list: NewRevocationList): boolean {
  const succession = judgeSuccession(list, state.revocationLists.get(ca.key))
  return list.issuerSha256 === ca.subject && (succession === 'first' || succession === 'next')
}

function put({ state, now, note }: FakeWorld, ca: FakeCa, list: NewRevocationList) {
  const current = state.revocationLists.get(ca.key)
  if (list.issuerSha256 !== ca.subject) return refuse('list-of-other-issuer')
  const succession = judgeSuccession(list, current)
  const sameKey = [...state.cas].filter(([, other]) => other.key === ca.key)
  const severalNames = sameKey.some(([, other]) => other.subject !== ca.subject)
  switch (succession) {
    case 'list-of-other-issuer':
    case 'list-older':
    case 'list-number-reused':
      return refuse(succession)
    case 'same':
      if (current?.graceSeconds === list.graceSeconds) return { ok: true, changed: false } as const
      break
    case 'first':
      if (severalNames) return refuse('key-of-several-names')
      break
    case 'next':
  }
  const putAt = succession === 'same' && current ? current.putAt : now()
  const serialNumbers = new Set(list.serialNumbers())
  state.revocationLists.set(ca.key, { ...list, serialNumbers, putAt })
  for (const [key, other] of sameKey) {
    state.cas.set(key, { ...other, record: { ...other.record, revocationListKey: ca.key } })
  }
  note(ca.record.tenantId, 'put-revocation-list', `cacert/${ca.record.caCertificateId}`)
  return { ok: true, changed: true } as const
}

/** As the table has it: the first 12 bits of SHA-256 make a shard, which holds 100 KB. */
function areStorable(list: NewRevocationList): boolean {
  const octets = new Map<string, number>()
  for (const serial of list.serialNumbers()) {
    const shard = hash('sha256', serial, 'hex').slice(0, 3)
    octets.set(shard, (octets.get(shard) ?? 0) + serial.length + 1)
  }
  return [...octets.values()].every((count) => count <= 102_400)
}

const describe = ({ issuerSha256: _issuer, serialNumbers: _all, ...list }: FakeRevocationList) =>
  list

/** What the list of a CA's key says of a certificate. */
export function fakeRevocationFacts(
  { revocationLists }: FakeState,
  ca: CaRecord,
  { serialNumber }: FactsQuery,
): RevocationFacts | undefined {
  const issuerKeySha256 = ca.revocationListKey
  const list = revocationLists.get(issuerKeySha256 ?? '')
  if (issuerKeySha256 === undefined || list === undefined) return undefined
  const { nextUpdate, graceSeconds, serialNumbers } = list
  const revoked = serialNumbers.has(serialNumber)
  return { issuerKeySha256, serialNumber, nextUpdate, graceSeconds, revoked }
}
