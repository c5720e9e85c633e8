import type { TenantsPolicyOptions } from '../commands/tenants-policy.ts'
import { parseTarget, type TargetOptions } from '../control-client/target.ts'
import type { AddCommands } from './add-commands.ts'
import { nestedCommand } from './nested-command.ts'
import { addTargetOptions } from './target-options.ts'

/** `thingpass tenants policy`. */
export const addTenantsPolicyCommand: AddCommands = (program, io, finish) => {
  const command = nestedCommand(program, ['tenants', 'policy'])
    .description("print the IAM policy for a tenant's operators")
    .argument('<tenant>')
    .requiredOption('--account <id>', 'AWS account of the deployment')
    .option('--api-id <id>', 'API of the control plane; else the one in the endpoint')
    .option('--stage <name>', 'its stage; else the one in the endpoint')
  addTargetOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  $ thingpass tenants policy acme --account 123456789012 --endpoint https://abc123.execute-api.eu-central-1.amazonaws.com/live\n',
    )
    .action(
      finish(async (tenant: string, options: TenantsPolicyOptions & TargetOptions) => {
        const { reportFailure } = await import('../api/report-failure.ts')
        const { printTenantPolicy } = await import('../commands/tenants-policy.ts')
        const target = parseTarget(options, io.environment)
        return 'problem' in target
          ? reportFailure(target, io)
          : printTenantPolicy(tenant, options, { target, io })
      }),
    )
}
