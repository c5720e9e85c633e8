import type { ExplainOptions } from '../commands/explain.ts'
import type { TargetOptions } from '../control-client/target.ts'
import type { AddCommands } from './add-commands.ts'
import { addTargetOptions } from './target-options.ts'

/** `thingpass explain`. */
export const addExplainCommand: AddCommands = (program, io, finish) => {
  const command = program
    .command('explain')
    .description('tell what a device would be answered now, and why, without a device')
    .requiredOption('--certificate <id>', 'certificate id, or a PEM file')
    .requiredOption('--alias <name>', 'role alias')
    .option('--thing <name>', 'thing that the device would name')
    .option('--source-ip <address>', 'address to take the device for')
    .option('--json', 'print JSON')
  addTargetOptions(command)
    .addHelpText(
      'after',
      `
Example:
  $ thingpass explain --certificate .thingpass/devices/camera-1/certificate.pem --alias demo-camera --thing camera-1
`,
    )
    .action(
      finish(async (options: ExplainOptions & TargetOptions) => {
        const { openControlClient } = await import('../control-client/open-control-client.ts')
        const { explainDecision } = await import('../commands/explain.ts')
        const call = openControlClient(options, io.environment)
        if ('problem' in call) {
          io.err(`thingpass: ${call.problem}\n`)
          return 2
        }
        return explainDecision(options, call, io)
      }),
    )
}
