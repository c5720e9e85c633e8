import { lintPolicyFile, type PolicyLintOptions } from '../commands/policy-lint.ts'
import { testPolicies } from '../commands/policy-test.ts'
import type { AddCommands } from './add-commands.ts'

/** `thingpass policy test` and `thingpass policy lint`. */
export const addPolicyCommands: AddCommands = (program, io, finish) => {
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
