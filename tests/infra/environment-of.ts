import type { ProgramState } from './program-state.ts'
import { only } from './statements.ts'

/** The environment that a function starts in: the program's variables, and those of Lambda's own that are read. */
export function environmentOf(state: ProgramState, name: string): Readonly<Record<string, string>> {
  const { environment } = only(state, 'aws:lambda/function:Function', name).inputs
  return {
    ...environment.variables,
    AWS_REGION: state.app.providers.aws?.region ?? '',
    AWS_ACCESS_KEY_ID: 'ASIASTANDINSTANDIN00',
    AWS_SECRET_ACCESS_KEY: 'stand-in',
    AWS_SESSION_TOKEN: 'stand-in',
  }
}
