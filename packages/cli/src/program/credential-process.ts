import type { CredentialOptions } from '../credential-process/credential-settings.ts'
import type { AddCommands } from './add-commands.ts'

/** `thingpass credential-process`. */
export const addCredentialProcessCommand: AddCommands = (program, io, finish) => {
  program
    .command('credential-process')
    .description("fetch a device's credentials for the AWS SDKs' credential_process setting")
    .requiredOption('--endpoint <host[:port]>', 'device endpoint; port 443 where none is named')
    .requiredOption('--role-alias <name>', 'role alias')
    .option('--thing <name>', 'thing that the certificate is attached to')
    .requiredOption('--cert <file>', "the device's certificate, PEM")
    .requiredOption('--key <file>', 'its private key, PEM')
    .option('--ca <file>', 'CA to trust in place of the usual ones, PEM')
    .option('--cache-dir <path>', 'where credentials are kept (~/.cache/thingpass)')
    .addHelpText(
      'after',
      `
Example, in ~/.aws/config:
  [profile device]
  credential_process = thingpass credential-process --endpoint devices.example.com --role-alias camera --thing cam-1 --cert /etc/device/certificate.pem --key /etc/device/private.key
`,
    )
    .action(
      finish(async (options: CredentialOptions) => {
        const { printCredentials } = await import('../commands/credential-process.ts')
        return printCredentials(options, io)
      }),
    )
}
