import type { Clock } from '@thingpass/core/ports'

/** Where a stack says what happens. */
export type StackIo = {
  readonly clock: Clock
  /** Takes one line about each decision; a device learns no more of it than its status. */
  readonly decided: (line: string) => void
  /** Takes one line about what needs somebody's attention; never a secret. */
  readonly log: (line: string) => void
}
