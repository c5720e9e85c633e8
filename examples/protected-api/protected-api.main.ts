import { asFault } from '../../packages/core/src/fault.ts'
import { HELP, parseCommandLine, type Settings } from '../../packages/local/src/command-line.ts'
import { startStack } from '../../packages/local/src/stack/start-stack.ts'
import { createReadingsApi } from './readings-api.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const complain = (text: string) => process.stderr.write(`${text}\n`)
const commandLine = parseCommandLine(process.argv.slice(2))

if (commandLine.kind === 'start') await run(commandLine.settings)
else if (commandLine.kind === 'help') say(HELP)
else fail(commandLine.problem)

async function run(settings: Settings): Promise<void> {
  const io = { clock: () => new Date(), decided: say, log: complain }
  try {
    const stack = await startStack(settings, io, createReadingsApi())
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stack.close())
    say(`The readings API is at ${stack.url}; the keys of its devices are in ${stack.dataDir}.`)
  } catch (thrown) {
    fail(asFault(thrown).message)
  }
}

function fail(problem: string): void {
  complain(`protected-api: ${problem}`)
  process.exitCode = 2
}
