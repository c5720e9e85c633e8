import { type Element, fieldsOf, malformed, TAG } from './der-reader.ts'
import { timeOf, unsignedOf } from './der-values.ts'
import { problemOfEntry } from './revocation-list-extensions.ts'
import type { RevocationListProblem } from './revocation-list-problem.ts'
import { smallElementsOf } from './revocation-list-reader.ts'

/** Most entries in a list. */
const MOST_ENTRIES = 200_000
/** Longest serial number in octets, as in certificates. Source: RFC 5280 §4.1.2.2. */
const LONGEST_SERIAL = 20

/**
 * Reads every entry once: how many there are, or what is wrong with one. Linear, and remembers nothing but serial numbers while it reads.
 * @throws {SyntaxError}
 */
export function countEntries(entries: Element): number | RevocationListProblem {
  const serials = new Set<string>()
  for (const entry of smallElementsOf(entries)) {
    if (serials.size === MOST_ENTRIES) return 'too-many-entries'
    const fields = fieldsOf(entry)
    const serial = serialOf(fields.next(TAG.integer))
    timeOf(fields.any())
    const extensions = fields.optional(TAG.sequence)
    fields.end()
    if (serials.has(serial)) return 'duplicate-serial'
    serials.add(serial)
    const problem = extensions && problemOfEntry(extensions)
    if (problem !== undefined) return problem
  }
  // Where nothing is revoked the list is left out. Source: RFC 5280 §5.1.2.6.
  return serials.size > 0 ? serials.size : malformed('empty list of entries')
}

/** The serial numbers of entries that were counted, one after the other, in the form that certificates' facts have. */
export function* serialNumbersOf(entries: Element): Generator<string, void> {
  for (const entry of smallElementsOf(entries)) yield serialOf(fieldsOf(entry).next(TAG.integer))
}

function serialOf(element: Element): string {
  const octets = unsignedOf(element)
  if (octets.length > LONGEST_SERIAL) malformed('serial number above 20 octets')
  return octets.toString('hex').replace(/^0/, '') || '0'
}
