import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { FactsQuery, RegistryFacts } from '@thingpass/core/facts'
import { Fault } from '@thingpass/core/fault'
import type { Clock, ReadCost, ReadFacts, RememberIssuer } from '@thingpass/core/ports'
import { beforeDeadline } from '../deadline.ts'
import { dynamoFault } from '../dynamo-faults.ts'
import type { IssuerHints } from './issuer-hint.ts'
import { certificateKey } from './keys.ts'
import type { PolicyCache } from './policy-cache.ts'
import { askForCertificate, certificateRows } from './read-facts-certificate.ts'
import { createGatherer } from './read-facts-gather.ts'
import { askForHinted, hintHolds } from './read-facts-tenant.ts'
import { createRoundReader, type RoundReader } from './read-rounds.ts'
import type { RegistryReads } from './registry-calls.ts'
import { sdkRegistryReads } from './sdk-registry-calls.ts'

/** The reader of facts, and the memory that makes its next read of the same issuer a single round. */
export type FactsReader = {
  readonly readFacts: ReadFacts
  readonly rememberIssuer: RememberIssuer
}

/** What facts are read with. Hints and policies are what one process remembers between requests. */
export type ReadFactsDependencies = {
  readonly calls: RegistryReads
  readonly tableName: string
  readonly issuerHints: IssuerHints
  readonly policyCache: PolicyCache
  readonly clock: Clock
}

/**
 * Rounds that a request may take at most. Each follows from the one before: certificate → its tenant and thing → the policy
 * edges of the thing's groups → those policies.
 */
const MOST_ROUNDS = 4

/** Makes the reader of facts of a registry that is called through AWS's SDK. */
export function createReadFacts({
  client,
  ...others
}: Omit<ReadFactsDependencies, 'calls'> & { readonly client: DynamoDBClient }): FactsReader {
  return createFactsReader({ ...others, calls: sdkRegistryReads(client) })
}

/**
 * Makes the reader of facts. A thing that is not attached is reported without groups: nothing can follow from them.
 * Needs `dynamodb:Query` and `dynamodb:BatchGetItem` on the table.
 */
export function createFactsReader(dependencies: ReadFactsDependencies): FactsReader {
  const { clock, issuerHints } = dependencies
  const readFacts: ReadFacts = async (query) => {
    try {
      return await beforeDeadline({ deadline: query.deadline, clock }, (signal) =>
        readInRounds(dependencies, query, signal),
      )
    } catch (thrown) {
      throw dynamoFault(thrown, 'reading the registry')
    }
  }
  return { readFacts, rememberIssuer: issuerHints.remember }
}

type Answer = { readonly facts: RegistryFacts; readonly cost: ReadCost }

async function readInRounds(
  dependencies: ReadFactsDependencies,
  query: FactsQuery,
  signal: AbortSignal,
): Promise<Answer> {
  const { calls, tableName, issuerHints, policyCache, clock } = dependencies
  const reader = createRoundReader({ calls, tableName, signal })
  const hint = issuerHints.lookUp(query.issuerHint)
  askForCertificate(reader, query)
  if (hint !== undefined) askForHinted(reader, query, hint)
  await reader.readRound()
  const rows = certificateRows(reader, query.certificateId)
  if (rows === undefined) return { facts: NOTHING, cost: reader.cost() }
  // What was read under the hint counts only when it is what the record names; otherwise all of it is read again. No key
  // of another tenant would be looked at anyway: this is the second of two locks.
  if (!hintHolds(hint, rows.record)) reader.keepOnly(certificateKey(query.certificateId).pk)
  const gather = createGatherer({ reader, policyCache, now: clock() })
  const facts = await gatherInRounds(reader, () => gather(query, rows))
  return { facts, cost: reader.cost() }
}

const NOTHING: RegistryFacts = Object.freeze({ policies: [], sessionPolicies: [] })

/** Gathers until nothing is missing: what one pass misses, it has put down for the round that follows. */
async function gatherInRounds(
  reader: RoundReader,
  gather: () => RegistryFacts | undefined,
): Promise<RegistryFacts> {
  let facts = gather()
  while (facts === undefined) {
    const mayGoOn = reader.cost().rounds < MOST_ROUNDS
    if (!mayGoOn) throw new Fault('UNEXPECTED', `facts are missing after ${MOST_ROUNDS} rounds`)
    await reader.readRound()
    facts = gather()
  }
  return facts
}
