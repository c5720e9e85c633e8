import { shardsOf } from '../src/registry/items/revocation-shard.ts'
import { type Comparison, textOf } from './registry-comparison.ts'
import type { RegistryItems } from './registry-walk.ts'

const generation = ({ keySha256, generationId }: RegistryItems['revocationShards'][number]) =>
  textOf([keySha256, generationId])

/** Shards that a list in force has and the table has not, and lists that do not count their entries. */
export function missingShards(items: RegistryItems): readonly Comparison[] {
  const rowsOf = ({ keySha256, generationId }: RegistryItems['revocationLists'][number]) =>
    items.revocationShards.filter(
      (row) => row.keySha256 === keySha256 && row.generationId === generationId,
    )
  return items.revocationLists.flatMap((list) => [
    {
      of: `shards of the list of ${list.keySha256}`,
      is: rowsOf(list).map(({ shard }) => shard),
      should: shardsOf(list.shards),
    },
    {
      of: `entries of the list of ${list.keySha256}`,
      is: [String(rowsOf(list).flatMap(({ serialNumbers }) => serialNumbers).length)],
      should: [String(list.entryCount)],
    },
  ])
}

/** CAs that do not say that their key has a list, or say so of one that has none. */
export function unlistedCas(items: RegistryItems): readonly Comparison[] {
  const listed = new Set(items.revocationLists.map(({ keySha256 }) => keySha256))
  const ids = (cas: RegistryItems['cas']) => cas.map(({ record }) => record.caCertificateId)
  return [
    {
      of: 'CAs with a revocation list',
      is: ids(items.cas.filter(({ record }) => record.revocationListKey !== undefined)),
      should: ids(items.cas.filter(({ claims }) => listed.has(claims.key))),
    },
  ]
}

/** Rows of uploads that are not in force. */
export function strayShards(items: RegistryItems): readonly Comparison[] {
  const inForce = new Set(
    items.revocationLists.map(({ keySha256, generationId }) => textOf([keySha256, generationId])),
  )
  const stray = items.revocationShards.map(generation).filter((each) => !inForce.has(each))
  return [{ of: 'rows of lists that are not in force', is: stray, should: [] }]
}
