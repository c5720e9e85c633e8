import type { Command } from 'commander'
import type { CommandIo } from '../command-io.ts'
import type { DeviceAddOptions } from '../commands/device-add.ts'
import type { DeviceRevokeOptions } from '../commands/device-revoke.ts'
import type { TargetOptions } from '../control-client/target.ts'
import type { AddCommands, Finish } from './add-commands.ts'
import { nestedCommand } from './nested-command.ts'
import { addTargetOptions } from './target-options.ts'

/** `thingpass device add` and `thingpass device revoke`. */
export const addDeviceCommands: AddCommands = (program, io, finish) => {
  const device = nestedCommand(program, ['device']).description('what people do with one device')
  addDeviceAdd(device, io, finish)
  addDeviceRevoke(device, io, finish)
}

const collect = (value: string, before: readonly string[] = []) => [...before, value]

function addDeviceAdd(device: Command, io: CommandIo, finish: Finish): void {
  const command = device
    .command('add')
    .description('make everything for one device; run again, it goes on where it broke off')
    .argument('<thing>', 'name of the thing')
    .option('--type <name>', 'thing type')
    .option('--attr <key=value>', 'attribute; may be repeated', collect)
    .option('--policy <name>', 'policy of the certificate; may be repeated', collect)
    .option('--csr <file>', 'request for a key that lies elsewhere, PEM; else a key is made here')
    .option('--out <folder>', "where the device's files go (a folder named for the thing)")
    .option('--json', 'print JSON')
  addTargetOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  $ thingpass device add camera-9 --type camera --attr site=berlin --policy camera-credentials\n',
    )
    .action(
      finish(async (thing: string, options: DeviceAddOptions & TargetOptions) => {
        const { addDevice } = await import('../commands/device-add.ts')
        const { localServerCa } = await import('../device/local-server-ca.ts')
        const readServerCa = localServerCa(options, io.environment)
        const opened = await open(options, io)
        return 'exit' in opened
          ? opened.exit
          : addDevice(thing, options, { ...opened, io, readServerCa })
      }),
    )
}

function addDeviceRevoke(device: Command, io: CommandIo, finish: Finish): void {
  const command = device
    .command('revoke')
    .description('take every certificate of a device out of use')
    .argument('<thing|certificate-id>', 'thing, or one certificate')
    .option('--inactive', 'deactivate only: it may be activated again')
    .option('--json', 'print JSON')
  addTargetOptions(command)
    .addHelpText('after', '\nExample:\n  $ thingpass device revoke camera-9\n')
    .action(
      finish(async (given: string, options: DeviceRevokeOptions & TargetOptions) => {
        const { revokeDevice } = await import('../commands/device-revoke.ts')
        const opened = await open(options, io)
        return 'exit' in opened ? opened.exit : revokeDevice(given, options, { ...opened, io })
      }),
    )
}

async function open(options: TargetOptions, io: CommandIo) {
  const { openSendApi } = await import('../api/open-send-api.ts')
  const { reportFailure } = await import('../api/report-failure.ts')
  const send = openSendApi(options, io.environment)
  return 'problem' in send ? { exit: reportFailure(send, io) } : { send }
}
