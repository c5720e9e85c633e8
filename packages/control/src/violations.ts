import type { Report, Violation } from './shape.ts'

/** Violations that an answer spells out: enough for whoever types an input, and no answer grows with what was sent. */
const MOST_SPELT_OUT = 20

/** What is wrong with one input. */
export type Violations = {
  readonly report: Report
  /** In AWS's words, all of them counted and the first spelt out; undefined where nothing is wrong. */
  readonly message: () => string | undefined
}

/** Begins to collect what is wrong with one input. */
export function collectViolations(): Violations {
  const kept: Violation[] = []
  let count = 0
  return {
    report: (violation) => {
      count += 1
      if (kept.length < MOST_SPELT_OUT) kept.push(violation)
    },
    message: () => (count === 0 ? undefined : messageOf(count, kept)),
  }
}

/** Source: the wording of AWS services' validation errors, as clients report them. */
function messageOf(count: number, kept: readonly Violation[]): string {
  const total = `${count} validation error${count === 1 ? '' : 's'} detected`
  const list = kept.map(({ at, value, constraint }) => {
    const what = value === undefined ? `Value at '${at}'` : `Value '${value}' at '${at}'`
    return `${what} failed to satisfy constraint: ${constraint}`
  })
  const rest = count > kept.length ? [`and ${count - kept.length} more`] : []
  return `${total}: ${[...list, ...rest].join('; ')}`
}
