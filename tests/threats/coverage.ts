import type { Threat } from './threat.ts'

/** A test as vitest names it: file from the root, titles joined by ` > `. */
export type NamedTest = { readonly file: string; readonly name: string }

/** A test that was run. */
export type TestResult = NamedTest & { readonly passed: boolean }

/** A threat with the tests that carry its id. */
export type Coverage = { readonly threat: Threat; readonly tests: readonly TestResult[] }

/** What is claimed of a threat. */
export type Status = 'passing' | 'failing' | 'untested' | 'open' | 'not applicable'

const ID = /\bT\d\d\b/g

/** The ids that a text carries. */
export function idsIn(text: string): readonly string[] {
  return [...new Set(text.match(ID))]
}

/** Sorts tests to the threats that their titles name; equal input in any order gives equal output. */
export function cover(
  threats: readonly Threat[],
  tests: readonly TestResult[],
): readonly Coverage[] {
  const inOrder = tests.toSorted((a, b) => compare(a.file, b.file) || compare(a.name, b.name))
  return threats.map((threat) => ({
    threat,
    tests: inOrder.filter(({ name }) => idsIn(name).includes(threat.id)),
  }))
}

/** A threat that is open stays open whatever tests there are: they cannot show all of it. */
export function statusOf({ threat, tests }: Coverage): Status {
  if (threat.state.kind === 'open') return 'open'
  if (threat.state.kind === 'not-applicable') return 'not applicable'
  if (tests.length === 0) return 'untested'
  return tests.every(({ passed }) => passed) ? 'passing' : 'failing'
}

/** What is wrong with the claim that every threat is met; a line each. */
export function problemsOf(
  threats: readonly Threat[],
  tests: readonly TestResult[],
): readonly string[] {
  const known = new Set(threats.map(({ id }) => id))
  const unknown = tests.flatMap(({ file, name }) =>
    idsIn(name)
      .filter((id) => !known.has(id))
      .map((id) => `${file}: "${name}" names ${id}, which is no threat`),
  )
  const unmet = cover(threats, tests).flatMap((coverage) => {
    const { threat, tests: own } = coverage
    if (statusOf(coverage) === 'untested') return [`${threat.id} applies and has no test`]
    return own
      .filter(({ passed }) => !passed)
      .map(({ file, name }) => `${threat.id} has a test that fails: ${file}: "${name}"`)
  })
  return [...unknown, ...unmet]
}

/** By code units: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
