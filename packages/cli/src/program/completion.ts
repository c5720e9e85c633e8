import { Argument } from 'commander'
import { readCommandWords } from '../completion/command-words.ts'
import { completionScript, SHELLS, type Shell } from '../completion/shell-scripts.ts'
import type { AddCommands } from './add-commands.ts'

/** `thingpass completion`. */
export const addCompletionCommand: AddCommands = (program, io, finish) => {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(thingpass completion bash)
  $ thingpass completion zsh > "\${fpath[1]}/_thingpass"
  $ thingpass completion fish > ~/.config/fish/completions/thingpass.fish
`,
    )
    .action(
      finish(async (shell: Shell) => {
        io.out(completionScript(shell, readCommandWords(program)))
        return 0
      }),
    )
}
