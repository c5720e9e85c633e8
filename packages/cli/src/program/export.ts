import type { ExportFlags } from '../commands/export.ts'
import type { TargetOptions } from '../control-client/target.ts'
import type { AddCommands } from './add-commands.ts'
import { addTargetOptions } from './target-options.ts'

/** `thingpass export`. */
export const addExportCommand: AddCommands = (program, io, finish) => {
  const command = program
    .command('export')
    .description('write everything of a tenant as JSON lines; private keys are not among it')
    .option('--out <path>', 'a file that ends in .jsonl, or a directory; else standard output')
  addTargetOptions(command)
    .addHelpText('after', '\nExample:\n  $ thingpass export --tenant acme --out acme.jsonl\n')
    .action(
      finish(async (flags: ExportFlags & TargetOptions) => {
        const { exportTenant } = await import('../commands/export.ts')
        return exportTenant(flags, io)
      }),
    )
}
