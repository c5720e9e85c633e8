import type { CommandIo, ExitCode } from '../command-io.ts'
import { describeControlError } from '../control-client/control-error.ts'
import { printableText } from '../table/printable-text.ts'
import type { Failure } from './option-readers.ts'

/** Says why a call failed: exit code 1 where it was refused, 2 where it did not come about. */
export function reportFailure(failure: Failure, { err }: Pick<CommandIo, 'err'>): ExitCode {
  const refused = !('problem' in failure)
  const told = refused ? describeControlError(failure.error) : failure.problem
  err(`thingpass: ${printableText(told)}\n`)
  return refused ? 1 : 2
}
