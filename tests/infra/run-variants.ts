import { type Edit, mutatedCopy } from './mutated-copy.ts'
import type { JobResult, ProgramState } from './program-state.ts'
import { runOffline } from './run-offline.ts'

/** A stage of the program, as it is or with changes. */
export type Variant = {
  readonly id: string
  readonly stage: string
  readonly edits?: readonly Edit[]
}

/** How variants ended, by their ids. */
export type Variants = {
  /** @throws {Error} when the program was refused */
  readonly stateOf: (id: string) => ProgramState
  /** Why the program was refused; empty when it was not. */
  readonly errorOf: (id: string) => string
}

/** Runs variants of the program under stand-ins; those with changes in copies, which are gone when this returns. */
export async function runVariants(variants: readonly Variant[]): Promise<Variants> {
  const copies: { readonly remove: () => void }[] = []
  try {
    const programs = variants.map(({ id, stage, edits = [] }) => {
      if (edits.length === 0) return { id, stage }
      const copy = mutatedCopy(id, edits)
      copies.push(copy)
      return { id, stage, root: copy.root }
    })
    return resultsOf(await runOffline(programs))
  } finally {
    for (const { remove } of copies) remove()
  }
}

function resultsOf(all: readonly JobResult[]): Variants {
  const results = new Map(all.map((result) => [result.id, result]))
  return {
    stateOf: (id) => {
      const result = results.get(id)
      if (result?.ok) return result.state
      throw new Error(result?.error ?? `${id} was not run`)
    },
    errorOf: (id) => {
      const result = results.get(id)
      return result?.ok === false ? result.error : ''
    },
  }
}
