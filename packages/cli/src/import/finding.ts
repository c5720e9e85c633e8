import type { Collection } from './fleet-record.ts'

/**
 * Something that a person has to know about an import: `left-out` was not carried over, `differs` was carried over and works
 * otherwise here, `rewritten` was changed on the way.
 */
export type Finding = {
  readonly kind: 'left-out' | 'differs' | 'rewritten'
  readonly collection: Collection | 'account'
  /** What it is about; for `rewritten`, what was changed into what. */
  readonly name: string
  readonly reason: string
}
