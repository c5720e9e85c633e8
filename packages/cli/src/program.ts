import { Command, CommanderError } from 'commander'
import type { CommandIo, ExitCode } from './command-io.ts'
import { lintPolicyFile, type PolicyLintOptions } from './commands/policy-lint.ts'
import { testPolicies } from './commands/policy-test.ts'

/** Adds the commands of one subject to the program; the exit code of the one that ran is kept by `finish`. */
export type AddCommands = (program: Command, io: CommandIo, finish: Finish) => void

/** Wraps the work of a command so that its exit code becomes the program's. */
export type Finish = <Args extends readonly unknown[]>(
  work: (...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>

/**
 * Runs the command line after the program's name. A line that asks for what does not exist, or leaves out what is needed, ends
 * with exit code 2 and one line that says so.
 */
export async function runProgram(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const finish: Finish =
    (work) =>
    async (...given) => {
      exitCode = await work(...given)
    }
  const program = createProgram(io, finish)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
    throw thrown
  }
}

function createProgram(io: CommandIo, finish: Finish): Command {
  const program = new Command('thingpass')
    .description('Credentials for X.509 devices: ask, explain, check.')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(--help shows how it is used)')
  for (const add of [addPolicyCommands]) add(program, io, finish)
  return program
}

const addPolicyCommands: AddCommands = (program, io, finish) => {
  const policy = program.command('policy').description('check policies before a device meets them')
  policy
    .command('test')
    .description('run a JSON array of decision and rendering rows')
    .argument('<file>', 'rows: {policies, request, expect} or {template, variables, expect}')
    .addHelpText('after', '\nExample:\n  $ thingpass policy test policies.test.json\n')
    .action(finish((file: string) => testPolicies(file, io)))
  policy
    .command('lint')
    .description('find what a policy says and its author may not have meant')
    .argument('<file>', 'policy document, or session policy template')
    .option('--session', 'judge it as a session policy of a role alias')
    .option('--role-policy <file>', "policy of the alias's role, which the session policy must fit")
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ thingpass policy lint camera.json --role-policy role.json\n',
    )
    .action(finish((file: string, options: PolicyLintOptions) => lintPolicyFile(file, options, io)))
}
