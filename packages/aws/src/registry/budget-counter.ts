import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'
import type { TenantId } from '@thingpass/core/names'
import { dynamoFault } from '../dynamo-faults.ts'
import type { Item } from './attributes.ts'
import { type BudgetTerms, roomFor } from './budget-terms.ts'
import { tenantKey } from './keys.ts'
import type { RegistryUpdate, UpdateOutcome } from './registry-calls.ts'

/** One question to a tenant's counter. */
export type LeaseRequest = {
  readonly tenantId: TenantId
  readonly terms: BudgetTerms
  /** Requests that are wanted, at least one. */
  readonly wanted: number
  readonly nowMicros: number
  /** Where the counter stood when it was last seen; a counter only grows. */
  readonly seenMicros: number
  readonly signal: AbortSignal
}

/** How many requests were granted, up to those wanted, and where the counter stands now. */
export type Lease = { readonly granted: number; readonly arrivalMicros: number }

/**
 * Asks a tenant's counter for a lease.
 * @throws {Fault} REGISTRY_THROTTLED when other instances get in between every time; else as `ReadFacts`
 */
export type TakeLease = (request: LeaseRequest) => Promise<Lease>

/** What counters are kept in. */
export type CounterSource = { readonly calls: RegistryUpdate; readonly tableName: string }

/** Attempts to write past other instances; each is refused only when another one has been granted something. */
const MOST_ATTEMPTS = 5

/**
 * A counter further ahead than the terms can bring it was written under slower terms, or by a clock that is ahead: it is
 * brought back to here, so that a raised rate counts soon. Clocks that differ by less never meet it.
 */
const CLOCK_MARGIN_MICROS = 5_000_000

/**
 * Makes the counters of a registry: one item per tenant beside its record, each lease one conditional write.
 * Needs `dynamodb:UpdateItem` on the table.
 */
export function createBudgetCounter(source: CounterSource): TakeLease {
  return async (request) => {
    let seenMicros = request.seenMicros
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const granted = Math.min(
        request.wanted,
        roomFor(request.terms, seenMicros, request.nowMicros),
      )
      const step = stepOf(request, seenMicros, granted)
      if (step === undefined) return { granted: 0, arrivalMicros: seenMicros }
      const outcome = await write(source, request, step)
      if (outcome.written) return { granted, arrivalMicros: outcome.arrivalMicros }
      seenMicros = outcome.arrivalMicros
    }
    throw new Fault('REGISTRY_THROTTLED', `the budget of tenant ${request.tenantId} is contended`)
  }
}

/** A change of the counter, and what must hold of it for the change to be made. */
type Step = Required<Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ConditionExpression'>> & {
  readonly values: Readonly<Record<string, number>>
}

/** The change that takes `granted` requests; with none granted, one that mends the counter, or nothing. */
function stepOf(
  { terms, nowMicros }: LeaseRequest,
  seenMicros: number,
  granted: number,
): Step | undefined {
  const cost = granted * terms.costMicros
  const highest = nowMicros + terms.toleranceMicros
  if (granted === 0) {
    const ceiling = highest + CLOCK_MARGIN_MICROS
    return seenMicros > ceiling ? bringBack(seenMicros, ceiling) : undefined
  }
  if (seenMicros < nowMicros) {
    return {
      UpdateExpression: 'SET #arrival = :next',
      ConditionExpression: 'attribute_not_exists(#arrival) OR #arrival < :now',
      values: { ':next': nowMicros + cost, ':now': nowMicros },
    }
  }
  return {
    UpdateExpression: 'SET #arrival = #arrival + :cost',
    ConditionExpression: '#arrival BETWEEN :now AND :last',
    values: { ':cost': cost, ':now': nowMicros, ':last': highest - cost },
  }
}

function bringBack(seenMicros: number, ceiling: number): Step {
  return {
    UpdateExpression: 'SET #arrival = :ceiling',
    ConditionExpression: '#arrival = :seen',
    values: { ':ceiling': ceiling, ':seen': seenMicros },
  }
}

type Outcome = { readonly written: boolean; readonly arrivalMicros: number }

async function write(
  { calls, tableName }: CounterSource,
  { tenantId, signal }: LeaseRequest,
  { values, ...expressions }: Step,
): Promise<Outcome> {
  const numbers = Object.entries(values).map(([name, value]) => [name, { N: String(value) }])
  const input: UpdateItemCommandInput = {
    TableName: tableName,
    Key: { pk: { S: tenantKey(tenantId).pk }, sk: { S: 'BUDGET' } },
    ...expressions,
    ExpressionAttributeNames: { '#arrival': 'arrivalMicros' },
    ExpressionAttributeValues: Object.fromEntries(numbers),
    ReturnValues: 'UPDATED_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  }
  const { written, attributes } = await updated(calls, input, signal)
  if (written) return { written, arrivalMicros: arrivalOf(attributes ?? {}, tenantId) }
  return { written, arrivalMicros: attributes ? arrivalOf(attributes, tenantId) : 0 }
}

async function updated(
  calls: RegistryUpdate,
  input: UpdateItemCommandInput,
  signal: AbortSignal,
): Promise<UpdateOutcome> {
  try {
    return await calls.update(input, signal)
  } catch (thrown) {
    throw dynamoFault(thrown, 'UpdateItem')
  }
}

function arrivalOf(item: Item, tenantId: TenantId): number {
  const arrival = Number(item.arrivalMicros?.N)
  if (Number.isSafeInteger(arrival)) return arrival
  throw new Fault('REGISTRY_UNREADABLE', `the budget of tenant ${tenantId} is not a number`)
}
