import { Option } from 'commander'
import type { RolesTrustPolicyOptions } from '../commands/roles-trust-policy.ts'
import type { TargetOptions } from '../control-client/target.ts'
import type { AddCommands } from './add-commands.ts'
import { nestedCommand } from './nested-command.ts'
import { addTargetOptions } from './target-options.ts'

/** `thingpass roles trust-policy`. */
export const addRolesCommands: AddCommands = (program, io, finish) => {
  const command = nestedCommand(program, ['roles', 'trust-policy'])
    .description("print the trust policy that a tenant's IAM roles need")
    .argument('<tenant>')
    .addOption(
      new Option(
        '--broker-role <arn...>',
        'role of the function that calls STS, from the deployment',
      ).makeOptionMandatory(),
    )
    .option(
      '--external-id <id>',
      "the tenant's; else its record is asked, which takes an administrator",
    )
    .option('--source-identity', 'session profiles of the tenant set a source identity')
  addTargetOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  $ thingpass roles trust-policy acme --broker-role arn:aws:iam::123456789012:role/thingpass-production-credentials\n',
    )
    .action(
      finish(async (tenant: string, options: RolesTrustPolicyOptions & TargetOptions) => {
        const { openControlClient } = await import('../control-client/open-control-client.ts')
        const { printRoleTrustPolicy } = await import('../commands/roles-trust-policy.ts')
        // Tenants' records are at the deployment's own paths, whatever tenant the environment names.
        const deployment = { ...options, tenant: 'default' }
        const openControl = () => openControlClient(deployment, io.environment)
        return printRoleTrustPolicy(tenant, options, { openControl, io })
      }),
    )
}
