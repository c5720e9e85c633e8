import { Command, CommanderError } from 'commander'
import type { CommandIo, ExitCode } from './command-io.ts'
import type { AddCommands, Finish } from './program/add-commands.ts'
import { addApiCommands } from './program/api.ts'
import { addCompletionCommand } from './program/completion.ts'
import { addCredentialProcessCommand } from './program/credential-process.ts'
import { addDeviceCommands } from './program/device.ts'
import { addDoctorCommand } from './program/doctor.ts'
import { addExplainCommand } from './program/explain.ts'
import { addExportCommand } from './program/export.ts'
import { addImportCommand } from './program/import.ts'
import { addPolicyCommands } from './program/policy.ts'
import { addProxyCommand } from './program/proxy.ts'
import { addRolesCommands } from './program/roles.ts'
import { addTenantsPolicyCommand } from './program/tenants-policy.ts'
import { addThingsImportCommand } from './program/things-import.ts'
import { addWhyCommand } from './program/why.ts'

/** Every subject of the program, in the order of its help. */
const SUBJECTS: readonly AddCommands[] = [
  addCredentialProcessCommand,
  addDoctorCommand,
  addExplainCommand,
  addWhyCommand,
  addPolicyCommands,
  addProxyCommand,
  addDeviceCommands,
  addApiCommands,
  addImportCommand,
  addExportCommand,
  addTenantsPolicyCommand,
  addRolesCommands,
  addThingsImportCommand,
  addCompletionCommand,
]

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
  for (const add of SUBJECTS) add(program, io, finish)
  return program
}
