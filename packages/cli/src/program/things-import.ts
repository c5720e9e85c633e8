import { setTimeout as sleep } from 'node:timers/promises'
import type { ThingsImportOptions } from '../commands/things-import.ts'
import { baseUrlOf, parseTarget, type TargetOptions } from '../control-client/target.ts'
import type { AddCommands } from './add-commands.ts'
import { nestedCommand } from './nested-command.ts'
import { addTargetOptions } from './target-options.ts'

/** Tries of one call: an import is not to end for a moment's throttling. */
const ATTEMPTS = 8

/** `thingpass things import`. */
export const addThingsImportCommand: AddCommands = (program, io, finish) => {
  const command = nestedCommand(program, ['things', 'import'])
    .description('register the devices of a file; run again, it goes on where it broke off')
    .argument('<file>', '.csv or .jsonl')
    .option('--concurrency <number>', 'devices in work at one time', '16')
    .option('--rate <number>', 'most calls per second; as many as can be where absent')
    .option('--json', 'print JSON')
  addTargetOptions(command)
    .addHelpText('after', HELP)
    .action(
      finish(async (file: string, options: ThingsImportOptions & TargetOptions) => {
        const { openSendApi } = await import('../api/open-send-api.ts')
        const { reportFailure } = await import('../api/report-failure.ts')
        const { importThings } = await import('../commands/things-import.ts')
        const target = parseTarget(options, io.environment)
        const send = openSendApi(options, io.environment, { maxAttempts: ATTEMPTS })
        if ('problem' in target) return reportFailure(target, io)
        if ('problem' in send) return reportFailure(send, io)
        const isTerminal = process.stderr.isTTY === true
        const pacemaker = { now: () => performance.now(), sleep: (ms: number) => sleep(ms) }
        const place = baseUrlOf(target)
        return importThings(file, options, { send, place, io, isTerminal, pacemaker })
      }),
    )
}

const HELP = `
A CSV file has a head line: thingName, thingType, policies (a;b), certificate or csr (files, PEM), attributes.<key>. A line of a
JSONL file has the same members, with attributes as an object and policies as an array.

Example:
  $ thingpass things import fleet.csv --rate 100
`
