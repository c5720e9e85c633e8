import { join } from 'node:path'
import type { CommandIo } from '../command-io.ts'
import { tellWhy } from '../commands/why.ts'
import { auditFile } from '../why/audit-source.ts'
import type { AddCommands } from './add-commands.ts'

type WhyOptions = {
  readonly dataDir: string
  readonly logGroup?: string
  readonly region?: string
  readonly days: string
  readonly json?: boolean
}

/** `thingpass why`. */
export const addWhyCommand: AddCommands = (program, io, finish) => {
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
        const source = await whySource(options, io)
        if ('problem' in source) {
          io.err(`thingpass: ${source.problem}\n`)
          return 2
        }
        return tellWhy(requestId, { source, json: options.json === true }, io)
      }),
    )
}

async function whySource(options: WhyOptions, { environment }: CommandIo) {
  if (options.logGroup === undefined) return auditFile(join(options.dataDir, 'audit.jsonl'))
  const region = options.region ?? environment.THINGPASS_REGION ?? environment.AWS_REGION
  const days = Number(options.days)
  if (region === undefined) return { problem: 'a log group needs --region' }
  if (!(Number.isInteger(days) && days > 0))
    return { problem: '--days takes a whole number from 1' }
  // An SDK takes long to load, so only the command that needs it does.
  const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs')
  const { auditLogGroup } = await import('../why/audit-log-group.ts')
  const client = new CloudWatchLogsClient({ region })
  return auditLogGroup(client, { name: options.logGroup, days }, new Date())
}
