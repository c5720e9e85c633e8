import type { DoctorOptions } from '../commands/doctor.ts'
import type { AddCommands } from './add-commands.ts'

/** `thingpass doctor`. */
export const addDoctorCommand: AddCommands = (program, io, finish) => {
  program
    .command('doctor')
    .description("examine a device's way to its credentials: files, certificate, TLS, answer")
    .requiredOption('--endpoint <host[:port]>', 'device endpoint; port 443 where none is named')
    .requiredOption('--cert <file>', "the device's certificate, PEM")
    .requiredOption('--key <file>', 'its private key, PEM')
    .option('--ca <file>', 'CA to trust in place of the usual ones, PEM')
    .option('--thing <name>', 'thing that the device names')
    .option('--role-alias <name>', 'role alias; without one no credentials are asked for')
    .option(
      '--control [url]',
      'ask a control plane too; without URL THINGPASS_ENDPOINT or the local one',
    )
    .option('--tenant <name>', 'tenant at the control plane (THINGPASS_TENANT, else default)')
    .option('--region <name>', 'AWS region of the control plane')
    .option('--data-dir <path>', "a local stack's directory (.thingpass)")
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Example:
  $ thingpass doctor --endpoint localhost:8443 --ca .thingpass/server/ca.pem --cert .thingpass/devices/camera-1/certificate.pem --key .thingpass/devices/camera-1/private.key --thing camera-1 --role-alias demo-camera --control
`,
    )
    .action(
      finish(async (options: DoctorOptions) => {
        const { examineDevice } = await import('../commands/doctor.ts')
        return examineDevice(options, io)
      }),
    )
}
