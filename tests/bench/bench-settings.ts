import { parseArgs } from 'node:util'
import { SECTIONS, type Section } from './row.ts'

/** What to measure and how long. */
export type BenchSettings = {
  readonly only: readonly Section[]
  readonly quick: boolean
  /** Also write the results into the documentation. */
  readonly write: boolean
  /** `*.main.ts` files of credentials functions, from the root; the first one is the deployed one. */
  readonly bundles: readonly string[]
  /** Also a table of a million certificates: ten minutes or so. */
  readonly million: boolean
}

export type SettingsReading =
  | { readonly ok: true; readonly settings: BenchSettings }
  | { readonly ok: false; readonly problem: string }

/** The function as it is deployed. */
export const DEPLOYED = 'functions/credentials/credentials.main.ts'

export const USAGE = `usage: npm run bench -- [--only a,b,…] [--quick] [--write] [--million] [--bundle functions/credentials/<x>.main.ts]…
  a cold starts   b warm CPU   c decisions   d renderings   e local gateway   f reads over the size of the table
`

/** Reads the command line. */
export function readSettings(words: readonly string[]): SettingsReading {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        only: { type: 'string', default: SECTIONS.join(',') },
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        million: { type: 'boolean', default: false },
        bundle: { type: 'string', multiple: true, default: [] },
      },
    })
    const { only: named, quick, write, million, bundle } = values
    const only = SECTIONS.filter((section) => named.split(',').includes(section))
    const known = named.split(',').every((name) => SECTIONS.some((section) => section === name))
    if (!known) return { ok: false, problem: `--only takes ${SECTIONS.join(',')}` }
    const partial = only.length < SECTIONS.length || quick
    if (write && partial) return { ok: false, problem: '--write needs a full run of all sections' }
    const bundles = [...new Set([DEPLOYED, ...bundle.flatMap((names) => names.split(','))])]
    return { ok: true, settings: { only, quick, write, million, bundles } }
  } catch (failure) {
    return { ok: false, problem: failure instanceof Error ? failure.message : 'unreadable' }
  }
}
