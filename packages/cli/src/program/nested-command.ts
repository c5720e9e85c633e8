import type { Command } from 'commander'

/** The command under these names, one within the other; made where it is not there yet. */
export function nestedCommand(program: Command, names: readonly string[]): Command {
  return names.reduce(
    (parent, name) =>
      parent.commands.find((command) => command.name() === name) ?? parent.command(name),
    program,
  )
}
