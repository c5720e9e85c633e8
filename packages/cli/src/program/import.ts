import type { TargetOptions } from '../control-client/target.ts'
import { COLLECTIONS } from '../import/fleet-record.ts'
import type { ImportFlags } from '../import/import-options.ts'
import type { AddCommands } from './add-commands.ts'
import { addTargetOptions } from './target-options.ts'

/** `thingpass import`. */
export const addImportCommand: AddCommands = (program, io, finish) => {
  const command = program
    .command('import')
    .description('copy a fleet out of AWS IoT, or out of an export, into a tenant')
    .option('--from-aws', 'read an account of AWS IoT, with the usual AWS credentials')
    .option('--from-file <file>', 'read what `thingpass export` wrote')
    .option('--aws-region <name>', 'region of the account')
    .option('--aws-profile <name>', 'profile of the AWS credentials for the account')
    .option('--aws-endpoint <url>', 'endpoint of AWS IoT, such as a VPC endpoint')
    .option('--dry-run', 'write nothing; show what would be done')
    .option('--state <file>', 'where to note what is done (.thingpass-import.jsonl)')
    .option('--rate <number>', 'calls of AWS per second (10)')
    .option('--only <list>', `some of ${COLLECTIONS.join(',')}`)
    .option('--copy-cas', 'copy CA certificates, as an administrator, without proof of possession')
    .option('--to-account <id>', "AWS account that the deployment's ARNs carry")
    .option('--show-role-policies', 'show how policies of the roles have to change; reads IAM')
    .option(
      '--role-policy-file <file>',
      'show the same for a policy in a file; repeatable',
      collect,
    )
    .option('--json', 'print JSON')
  addTargetOptions(command)
    .addHelpText(
      'after',
      `
An interrupted import goes on where it ended when it is started again. Private keys are nowhere
in AWS IoT and stay where they are.

Examples:
  $ thingpass import --from-aws --aws-region eu-central-1 --dry-run
  $ thingpass import --from-aws --aws-region eu-central-1 --tenant acme
  $ thingpass import --from-file fleet.jsonl --copy-cas
  $ thingpass import --role-policy-file role-policy.json
`,
    )
    .action(
      finish(async (flags: ImportFlags & TargetOptions) => {
        // An SDK takes long to load, so only the command that needs it does.
        const { importFleet } = await import('../commands/import.ts')
        return importFleet(flags, { ...io, terminal: process.stderr.isTTY === true })
      }),
    )
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
