import type { NewRevocationList } from '@thingpass/core/registry-writes/revocation-lists'

/** Entries of each list: enough for some hundred rows. */
const ENTRIES = 600

/** Serial numbers of one list; no other list has any of them. */
export const uploadedSerials = (number: bigint): readonly string[] =>
  Array.from(
    { length: ENTRIES },
    (_, index) => `a${number.toString(16)}f${(index + 4096).toString(16)}`,
  )

/** The list of one number. */
export function uploadedList(number: bigint, issuerSha256: string): NewRevocationList {
  return {
    ...{ number, issuerSha256, graceSeconds: 0, entryCount: ENTRIES },
    thisUpdate: new Date('2026-06-01T00:00:00Z'),
    nextUpdate: new Date('2036-06-01T00:00:00Z'),
    sha256: number.toString(16).padStart(64, '0'),
    serialNumbers: () => uploadedSerials(number),
  }
}
