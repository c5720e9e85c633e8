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
  const { pk } = revocationShardKey(keySha256, shardOf(serialNumber), '')
  return { list: reader.item(revocationListKey(keySha256)), rows: reader.partition(pk) }
}

/**
 * What the list of the CA's key says. Until the CA is there, what it will probably want is asked for beside it; what counts is the
 * list of the key that the CA has.
 * @throws {Fault} REGISTRY_UNREADABLE, REGISTRY_INCONSISTENT
 */
export function gatherRevocation(
  reader: RoundReader,
  { ca, issuerKeySha256, serialNumber }: RevocationQuery,
): Read<RevocationFacts | undefined> | undefined {
  if (ca === undefined) {
    if (issuerKeySha256 !== undefined) askForRevocation(reader, issuerKeySha256, serialNumber)
    return undefined
  }
  const keySha256 = ca.value?.revocationListKey
  if (keySha256 === undefined) return { value: undefined }
  const { list, rows } = askForRevocation(reader, keySha256, serialNumber)
  if (list === undefined || rows === undefined) return undefined
  if (list.value === undefined) throw inconsistent(keySha256, 'is not there')
  const { nextUpdate, graceSeconds, ...inForce } = decodeRevocationList(list.value)
  const revoked = isNamed(inForce, rows.value, serialNumber)
  return {
    value: { issuerKeySha256: keySha256, serialNumber, nextUpdate, graceSeconds, revoked },
  }
}

/**
 * Whether the list names the serial number. Rows of other generations are of lists that are not in force, whatever they say. A row that the
 * list has and the table has not is a fault: its entries must not turn good.
 * @throws {Fault} REGISTRY_UNREADABLE, REGISTRY_INCONSISTENT
 */
export function isNamed(
  {
    keySha256,
    generationId,
    shards,
  }: Pick<RevocationListItem, 'keySha256' | 'generationId' | 'shards'>,
  rows: readonly Item[],
  serialNumber: string,
): boolean {
  const shard = shardOf(serialNumber)
  if (!hasShard(shards, shard)) return false
  const { sk } = revocationShardKey(keySha256, shard, generationId)
  const row = rows.find((each) => each.sk?.S === sk)
  if (row === undefined) throw inconsistent(keySha256, `lacks shard ${shard}`)
  return decodeRevocationShard(row).serialNumbers.includes(serialNumber)
}

const inconsistent = (keySha256: string, what: string): Fault =>
  new Fault('REGISTRY_INCONSISTENT', `the revocation list of CA key ${keySha256} ${what}`)
