import { readFileSync } from 'node:fs'

/** A case of packages/core/cases, before anything is known of its members. */
type ExampleCase = Readonly<Record<string, unknown>>

/** The cases of one file of packages/core/cases: good inputs to begin with. */
export function exampleCases(
  name: 'contexts' | 'decisions' | 'documents' | 'renderings',
): readonly ExampleCase[] {
  const file = new URL(`../../packages/core/cases/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}
