import type { Plan } from './transaction.ts'

/** Plans nothing, because the change is refused. */
export const refuse = <Conflict extends string>(conflict: Conflict) => ({
  outcome: { ok: false, conflict } as const,
})

/** Plans nothing, because it is so already. */
export const nothingToDo = <Value extends object>(value: Value) => ({
  outcome: { ok: true, ...value } as const,
})

/** Plans writes with their audit record. */
export const change = <Value extends object>(
  value: Value,
  parts: Omit<Extract<Plan, { writes: readonly unknown[] }>, 'outcome'>,
) => ({ outcome: { ok: true, ...value } as const, ...parts })
