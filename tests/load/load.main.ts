import { HELP, parseCommandLine, USAGE } from './command-line.ts'
import { runLoad } from './run-load.ts'

const USAGE_EXIT = 2
const FAILED_EXIT = 1

const say = (line: string) => process.stdout.write(`${line}\n`)
const complain = (line: string) => process.stderr.write(`load: ${line}\n`)

await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<void> {
  const commandLine = parseCommandLine(args, process.env.AWS_REGION)
  if (commandLine.kind === 'help') {
    say(HELP)
    return
  }
  if (commandLine.kind === 'problem') {
    complain(`${commandLine.problem}\n${USAGE}`)
    process.exitCode = USAGE_EXIT
    return
  }
  const ending = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => ending.abort(new Error(`ended by ${name}`)))
  }
  try {
    const command = ['npm run load --', ...args].join(' ')
    const environment = process.env
    const pass = await runLoad(commandLine.settings, {
      command,
      environment,
      say,
      signal: ending.signal,
    })
    process.exitCode = pass ? 0 : FAILED_EXIT
  } catch (thrown) {
    const why = ending.signal.aborted ? ending.signal.reason : thrown
    complain(why instanceof Error ? why.message : 'failed')
    process.exitCode = FAILED_EXIT
  }
}
