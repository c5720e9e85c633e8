import { once } from 'node:events'
import type { ProxyOptions } from '../commands/proxy.ts'
import type { AddCommands } from './add-commands.ts'
import { addTargetOptions } from './target-options.ts'

/** `thingpass proxy`. */
export const addProxyCommand: AddCommands = (program, io, finish) => {
  const command = program
    .command('proxy')
    .description('let stock AWS IoT tools on this machine talk to a deployed control plane')
    .option('--listen <address>', 'loopback address and port; port 0 = any', '127.0.0.1:8081')
  addTargetOptions(command)
    .addHelpText(
      'after',
      `
Tools sign for "iot", API Gateway takes "execute-api" only: the proxy verifies the one and signs the other.

Example:
  $ thingpass proxy --endpoint https://abc123.execute-api.eu-central-1.amazonaws.com/live
`,
    )
    .action(
      finish(async (options: ProxyOptions) => {
        const { runProxy } = await import('../commands/proxy.ts')
        const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
        return runProxy(options, stopped, io)
      }),
    )
}
