import type { Command } from 'commander'

/** A word that may stand next on the command line, with what help says of it. */
export type CompletionWord = { readonly word: string; readonly about: string }

/** What may follow the names of a command. */
export type CommandWords = {
  /** Names from the program's on, joined by spaces: `thingpass things`. */
  readonly path: string
  readonly commands: readonly CompletionWord[]
  readonly options: readonly (CompletionWord & {
    /** Whether a value follows; where it names a file, so does its value. */
    readonly takes: 'nothing' | 'text' | 'file'
  })[]
  /** Whether an argument is a file. */
  readonly takesFile: boolean
}

/** Reads the whole tree of commands, each before those within it. */
export function readCommandWords(command: Command, before = ''): readonly CommandWords[] {
  const path = before === '' ? command.name() : `${before} ${command.name()}`
  const own: CommandWords = {
    path,
    commands: command.commands.map((each) => ({ word: each.name(), about: each.description() })),
    options: command.options.flatMap(({ long, description, flags }) =>
      typeof long === 'string' ? [{ word: long, about: description, takes: takenBy(flags) }] : [],
    ),
    takesFile: command.registeredArguments.some((argument) => isFile(argument.name())),
  }
  return [own, ...command.commands.flatMap((each) => readCommandWords(each, path))]
}

function takenBy(flags: string): 'nothing' | 'text' | 'file' {
  const [, value] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? []
  if (value === undefined) return 'nothing'
  return isFile(value) ? 'file' : 'text'
}

function isFile(name: string): boolean {
  return /^(?:file|folder|path)$/.test(name)
}
