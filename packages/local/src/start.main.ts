import { asFault } from '@thingpass/core/fault'
import { HELP, parseCommandLine, type Settings } from './command-line.ts'
import { type Stack, startStack } from './stack/start-stack.ts'
import { welcomeText } from './welcome.ts'

const STOPPED = 0
const FAILED = 1
const USAGE = 2

const say = (text: string) => process.stdout.write(`${text}\n`)
const complain = (line: string) => process.stderr.write(`${line}\n`)

// Whoever read the output may have gone (`npm start | head`); devices have not.
process.stdout.on('error', () => undefined)
await main()

async function main(): Promise<void> {
  const commandLine = parseCommandLine(process.argv.slice(2))
  if (commandLine.kind === 'help') {
    say(HELP)
    return
  }
  if (commandLine.kind === 'problem') {
    complain(`thingpass: ${commandLine.problem}`)
    process.exitCode = USAGE
    return
  }
  await run(commandLine.settings)
}

async function run(settings: Settings): Promise<void> {
  // Until everything runs there is nothing to wind down in order: what was started ends with this process.
  const leaveAtOnce = () => process.exit(STOPPED)
  onSignals(leaveAtOnce)
  const stack = await start(settings)
  if (stack === undefined) return
  offSignals(leaveAtOnce)
  onSignals(() => {
    onSignals(() => process.exit(FAILED)) // asked twice: without waiting
    void stop(stack, STOPPED)
  })
  void stack.broken.then((why) => {
    complain(`thingpass: ${why}`)
    void stop(stack, FAILED)
  })
  if (!settings.quiet) say(welcomeText(stack))
}

async function start(settings: Settings): Promise<Stack | undefined> {
  try {
    return await startStack(settings, {
      clock: () => new Date(),
      decided: settings.quiet ? () => undefined : say,
      log: complain,
    })
  } catch (thrown) {
    const fault = asFault(thrown)
    const usage = fault.code === 'CONFIGURATION_INVALID'
    complain(`thingpass: ${usage ? fault.message : `cannot start: ${causeOf(fault)}`}`)
    process.exitCode = usage ? USAGE : FAILED
    return undefined
  }
}

async function stop(stack: Stack, exitCode: number): Promise<void> {
  await stack.close()
  process.exit(exitCode)
}

/** What a fault says without what it worked on: its words and the kind of its cause. */
function causeOf(fault: Error & { readonly code: string }): string {
  const cause = fault.cause instanceof Error ? ` (${fault.cause.name}: ${fault.cause.message})` : ''
  return `${fault.code}: ${fault.message}${cause}`
}

function onSignals(listener: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener)
}

function offSignals(listener: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, listener)
}
