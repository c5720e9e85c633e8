import { type Percentiles, percentilesOf } from './percentiles.ts'
import type { Sample } from './sample.ts'

/** One bucket of time: what ended in it. */
export type SeriesPoint = {
  /** Start of the bucket, in seconds from the first device on. */
  readonly second: number
  /** Answers by status, and failures by code. */
  readonly answers: Readonly<Record<string, number>>
  /** From the request on an open connection to the first octet of the answer. */
  readonly answerMs?: Percentiles
  /** From the device's waking to its answer: handshake, waiting and retries included. */
  readonly sessionMs?: Percentiles
}

/** Samples by time. */
export type TimeSeries = {
  /** Epoch milliseconds of second 0. */
  readonly origin: number
  readonly bucketSeconds: number
  readonly points: readonly SeriesPoint[]
}

/** More buckets cannot be told apart in a plot. */
const MOST_BUCKETS = 120
/** Buckets of a second, or of half a second where there would be too few of them to see anything. */
const FEW_SECONDS = 15

/** Puts samples into buckets, without gaps: where nothing ended, a bucket is empty. */
export function timeSeriesOf(samples: readonly Sample[]): TimeSeries {
  const origin = samples.reduce(
    (least, { wokeAt }) => Math.min(least, wokeAt),
    Number.POSITIVE_INFINITY,
  )
  if (samples.length === 0) return { origin: 0, bucketSeconds: 1, points: [] }
  const end = samples.reduce((most, { endedAt }) => Math.max(most, endedAt), origin)
  const seconds = (end - origin) / 1000
  const bucketSeconds = seconds <= FEW_SECONDS ? 0.5 : Math.ceil(seconds / MOST_BUCKETS)
  const buckets: Sample[][] = Array.from(
    { length: Math.floor(seconds / bucketSeconds) + 1 },
    () => [],
  )
  for (const sample of samples) {
    buckets[Math.floor((sample.endedAt - origin) / 1000 / bucketSeconds)]?.push(sample)
  }
  const points = buckets.map((bucket, index) => pointOf(bucket, index * bucketSeconds))
  return { origin, bucketSeconds, points }
}

function pointOf(bucket: readonly Sample[], second: number): SeriesPoint {
  const answerMs = percentilesOf(answerTimes(bucket))
  const sessionMs = percentilesOf(sessionTimes(bucket))
  return {
    ...{ second, answers: countAnswers(bucket) },
    ...(answerMs !== undefined && { answerMs }),
    ...(sessionMs !== undefined && { sessionMs }),
  }
}

/** Answers by status, and failures by code. */
export function countAnswers(samples: readonly Sample[]): Readonly<Record<string, number>> {
  return countBy(samples, ({ status, error }) => String(status ?? error ?? 'unknown'))
}

/** Counts by name, the names in order. */
export function countBy<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1)
  return Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** Times of answers, of those requests that got one. */
export function answerTimes(samples: readonly Sample[]): readonly number[] {
  return samples.flatMap(({ answerMs }) => answerMs ?? [])
}

/** Lengths of sessions: of those devices that got an answer that they did not have to come back for. */
export function sessionTimes(samples: readonly Sample[]): readonly number[] {
  return samples.flatMap(({ status, wokeAt, endedAt, kind }) =>
    status === undefined || (kind === 'good' && status !== 200) ? [] : endedAt - wokeAt,
  )
}
