const EPOCH_SECONDS = /^-?\d{1,12}(?:\.\d+)?$/
const MILLISECONDS_PER_SECOND = 1000

/** Calendar date, then time of day, then zone; a time without a zone would mean another instant on each machine. */
const ISO_8601 =
  /^\d{4}-(?:0[1-9]|1[0-2])-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[-+](?:[01]\d|2[0-3]):[0-5]\d))?$/

/** Where the day stands in `2020-01-31`, the form in which every ISO 8601 text begins here. */
const DAY = [8, 10] as const

/**
 * Parses a date of a policy or request to milliseconds since the epoch: epoch seconds, an ISO 8601 date (midnight UTC), or
 * date and time with zone. Source: IAM User Guide, reference_policies_elements_condition_operators (Date).
 */
export function parseInstant(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text)) return Number(text) * MILLISECONDS_PER_SECOND
  if (!ISO_8601.test(text)) return undefined
  const [start, end] = DAY
  // 31 February would otherwise be read as 2 March.
  const exists = new Date(text.slice(0, end)).getUTCDate() === Number(text.slice(start, end))
  return exists ? Date.parse(text) : undefined
}
