import { type Command, Option } from 'commander'
import type { ApiCommand, ApiOption, ApiSubject } from '../api/api-command.ts'
import { API_SUBJECTS } from '../api/subjects.ts'
import type { CommandIo, ExitCode } from '../command-io.ts'
import type { TargetOptions } from '../control-client/target.ts'
import type { AddCommands, Finish } from './add-commands.ts'
import { nestedCommand } from './nested-command.ts'
import { addTargetOptions } from './target-options.ts'

/** `thingpass things|thing-types|thing-groups|certificates|cas|policies|role-aliases|tenants …`. */
export const addApiCommands: AddCommands = (program, io, finish) => {
  for (const subject of API_SUBJECTS) {
    nestedCommand(program, [subject.name]).description(subject.about)
    for (const command of subject.commands) addApiCommand(program, { subject, command, io, finish })
  }
}

type Adding = {
  readonly subject: ApiSubject
  readonly command: ApiCommand
  readonly io: CommandIo
  readonly finish: Finish
}

function addApiCommand(program: Command, { subject, command, io, finish }: Adding): void {
  const { verb, about, example, shown = {}, saved } = command
  const added = nestedCommand(program, [subject.name, ...verb.split(' ')]).description(about)
  for (const { name } of command.arguments ?? []) added.argument(`<${name}>`)
  for (const option of command.options ?? []) added.addOption(toOption(option))
  if ('rows' in shown) added.option('--limit <number>', 'most rows; all where absent')
  if (saved !== undefined) added.option('--out <file>', `write ${saved.replace(/^.*\./, '')} to it`)
  const line = `thingpass ${subject.name} ${verb} ${example}`.trimEnd()
  addTargetOptions(added.option('--json', 'print JSON'))
    .addHelpText('after', `\nExample:\n  $ ${line}\n`)
    .action(
      finish((...given: readonly unknown[]) => {
        // After the positional arguments, commander passes the options and the command.
        const positional = given.slice(0, -2).map(String)
        const options = added.opts<Readonly<Record<string, unknown>>>()
        return run(command, { positional, options }, io)
      }),
    )
}

function toOption({ flags, about, read, required }: ApiOption): Option {
  const option = new Option(flags, about).makeOptionMandatory(required === true)
  return read?.repeatable === true ? option.argParser(collect) : option
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

async function run(
  command: ApiCommand,
  given: { positional: readonly string[]; options: Readonly<Record<string, unknown>> },
  io: CommandIo,
): Promise<ExitCode> {
  const { openSendApi } = await import('../api/open-send-api.ts')
  const { reportFailure } = await import('../api/report-failure.ts')
  const { runApiCommand } = await import('../commands/api.ts')
  const send = openSendApi(given.options as TargetOptions, io.environment)
  return 'problem' in send ? reportFailure(send, io) : runApiCommand(command, given, { send, io })
}
