import type { Command } from 'commander'
import type { CommandIo, ExitCode } from '../command-io.ts'

/** Adds the commands of one subject to the program; the exit code of the one that ran is kept by `finish`. */
export type AddCommands = (program: Command, io: CommandIo, finish: Finish) => void

/** Wraps the work of a command so that its exit code becomes the program's. */
export type Finish = <Args extends readonly unknown[]>(
  work: (...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>
