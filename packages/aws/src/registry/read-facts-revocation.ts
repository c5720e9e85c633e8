import { Fault } from '@thingpass/core/fault'
import type { CaRecord } from '@thingpass/core/records'
import type { RevocationFacts } from '@thingpass/core/revocation'
import type { Item } from './attributes.ts'
import { decodeRevocationList, type RevocationListItem } from './items/revocation-list.ts'
import { decodeRevocationShard, hasShard, shardOf } from './items/revocation-shard.ts'
import { revocationListKey, revocationShardKey } from './keys.ts'
import type { Read, RoundReader } from './read-rounds.ts'

/** Whose certificate is looked up. */
export type RevocationQuery = {
  /** Absent while the CA has not been read. */
  readonly ca: Read<CaRecord | undefined> | undefined
  /** The key that the certificate's record expects its CA to have. */
  readonly issuerKeySha256: string | undefined
  readonly serialNumber: string
}

/** Asks for the list of a key, and for the one shard that could name the serial number. */
export function askForRevocation(
  reader: RoundReader,
  keySha256: string,
  serialNumber: string,
): {
  readonly list: Read<Item | undefined> | undefined
  readonly rows: Read<readonly Item[]> | undefined
} {
  return {
    list: reader.item(revocationListKey(keySha256)),
    rows: reader.partition(shardPartition(keySha256, serialNumber)),
  }
}

const shardPartition = (keySha256: string, serialNumber: string): string =>
  revocationShardKey(keySha256, shardOf(serialNumber), '').pk

/**
 * What the list of the CA's key says. Until the CA is there, what it will probably want is asked for beside it; what counts is the
 * list of the key that the CA has.
 * @throws {Fault} REGISTRY_UNREADABLE, REGISTRY_INCONSISTENT
 */
export type GatherRevocation = (
  query: RevocationQuery,
) => Read<RevocationFacts | undefined> | undefined

/**
 * Makes the gatherer of one request. A list and its shard come in two answers, and another list may come into force between the two: where
 * they do not agree both are read again, once.
 */
export function createRevocationGatherer(reader: RoundReader): GatherRevocation {
  let mayReadAgain = true
  const lookUp = (keySha256: string, serialNumber: string) => {
    const { list, rows } = askForRevocation(reader, keySha256, serialNumber)
    if (list === undefined || rows === undefined) return undefined
    const found = revocationOf(keySha256, serialNumber, { item: list.value, rows: rows.value })
    if (found.ok) return { value: found.facts }
    if (!mayReadAgain) throw inconsistent(keySha256, found.what)
    mayReadAgain = false
    reader.forget(revocationListKey(keySha256), shardPartition(keySha256, serialNumber))
    askForRevocation(reader, keySha256, serialNumber)
    return undefined
  }
  return ({ ca, issuerKeySha256, serialNumber }) => {
    if (ca === undefined) {
      if (issuerKeySha256 !== undefined) askForRevocation(reader, issuerKeySha256, serialNumber)
      return undefined
    }
    const keySha256 = ca.value?.revocationListKey
    return keySha256 === undefined ? { value: undefined } : lookUp(keySha256, serialNumber)
  }
}

type Finding =
  | { readonly ok: true; readonly facts: RevocationFacts }
  | { readonly ok: false; readonly what: string }

function revocationOf(
  issuerKeySha256: string,
  serialNumber: string,
  { item, rows }: { readonly item: Item | undefined; readonly rows: readonly Item[] },
): Finding {
  if (item === undefined) return { ok: false, what: 'is not there' }
  const { nextUpdate, graceSeconds, ...list } = decodeRevocationList(item)
  const revoked = isNamed(list, rows, serialNumber)
  if (revoked === undefined) return { ok: false, what: `lacks shard ${shardOf(serialNumber)}` }
  return { ok: true, facts: { issuerKeySha256, serialNumber, nextUpdate, graceSeconds, revoked } }
}

/**
 * Whether the list names the serial number. Rows of other generations are of lists that are not in force, whatever they say. Undefined where the
 * list has a row that is not here: its entries must not turn good.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function isNamed(
  {
    keySha256,
    generationId,
    shards,
  }: Pick<RevocationListItem, 'keySha256' | 'generationId' | 'shards'>,
  rows: readonly Item[],
  serialNumber: string,
): boolean | undefined {
  const shard = shardOf(serialNumber)
  if (!hasShard(shards, shard)) return false
  const { sk } = revocationShardKey(keySha256, shard, generationId)
  const row = rows.find((each) => each.sk?.S === sk)
  return row && decodeRevocationShard(row).serialNumbers.includes(serialNumber)
}

const inconsistent = (keySha256: string, what: string): Fault =>
  new Fault('REGISTRY_INCONSISTENT', `the revocation list of CA key ${keySha256} ${what}`)
