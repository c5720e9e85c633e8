import { parseCommandLine } from '@thingpass/local/command-line'
import { startStack } from '@thingpass/local/stack/start-stack'

/** The local stack as a process of its own that can be killed. Arguments: those of `npm start`. Prints one line of JSON when all runs. */
const parsed = parseCommandLine(process.argv.slice(2))
if (parsed.kind !== 'start') throw new Error('these flags do not start a stack')
const { controlUrl, dynamodbUrl, dataDir } = await startStack(parsed.settings, {
  clock: () => new Date(),
  decided: () => undefined,
  log: () => undefined,
})
process.stdout.write(`${JSON.stringify({ controlUrl, dynamodbUrl, dataDir })}\n`)
