import { join } from 'node:path'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { Command, CommanderError } from 'commander'
import type { CommandIo, ExitCode } from './command-io.ts'
import { lintPolicyFile, type PolicyLintOptions } from './commands/policy-lint.ts'
import { testPolicies } from './commands/policy-test.ts'
import { tellWhy } from './commands/why.ts'
import { auditLogGroup } from './why/audit-log-group.ts'
import { auditFile } from './why/audit-source.ts'

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
  for (const add of [addWhyCommand, addPolicyCommands]) add(program, io, finish)
  return program
}

type WhyOptions = {
  readonly dataDir: string
  readonly logGroup?: string
  readonly region?: string
  readonly days: string
  readonly json?: boolean
}

const addWhyCommand: AddCommands = (program, io, finish) => {
  program
    .command('why')
    .description('tell why a past request was answered as it was')
    .argument('<request-id>', 'what the answer carries as x-amzn-requestid')
    .option('--data-dir <path>', "a local stack's directory", '.thingpass')
    .option('--log-group <name>', "a deployment's log group, in place of a local stack")
    .option('--region <name>', 'region of the log group')
    .option('--days <number>', 'how far back to look in the log group', '7')
    .option('--json', 'print the audit record as it is')
    .addHelpText('after', '\nExample:\n  $ thingpass why 3c1f0a52-5d0e-4f6e-9b5e-0c7f7c1a2b3d\n')
    .action(
      finish(async (requestId: string, options: WhyOptions) => {
        const source = whySource(options, io)
        if ('problem' in source) {
          io.err(`thingpass: ${source.problem}\n`)
          return 2
        }
        return tellWhy(requestId, { source, json: options.json === true }, io)
      }),
    )
}

function whySource(options: WhyOptions, { environment }: CommandIo) {
  if (options.logGroup === undefined) return auditFile(join(options.dataDir, 'audit.jsonl'))
  const region = options.region ?? environment.THINGPASS_REGION ?? environment.AWS_REGION
  const days = Number(options.days)
  if (region === undefined) return { problem: 'a log group needs --region' }
  if (!(Number.isInteger(days) && days > 0))
    return { problem: '--days takes a whole number from 1' }
  return auditLogGroup(
    new CloudWatchLogsClient({ region }),
    { name: options.logGroup, days },
    new Date(),
  )
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
