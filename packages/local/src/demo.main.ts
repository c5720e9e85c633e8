import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asFault } from '@thingpass/core/fault'
import { parseCommandLine } from './command-line.ts'
import { runDemo } from './demo/run-demo.ts'
import { startStack } from './stack/start-stack.ts'

/** What shells report of a program that Ctrl-C ended. */
const INTERRUPTED = 130

const say = (line: string) => process.stdout.write(`${line}\n`)
const complain = (line: string) => process.stderr.write(`${line}\n`)

process.exitCode = await main()

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'thingpass-demo-'))
  process.once('SIGINT', () => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(INTERRUPTED)
  })
  try {
    await play(folder)
    return 0
  } catch (thrown) {
    complain(`demo: ${asFault(thrown).message}`)
    return 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function play(folder: string): Promise<void> {
  const parsed = parseCommandLine(['--port', '0', '--data-dir', join(folder, 'data')])
  if (parsed.kind !== 'start') throw new Error('the demo has no settings')
  const { settings } = parsed
  say('Starting a gateway, a DynamoDB and an STS on this machine …')
  const stack = await startStack(settings, {
    clock: () => new Date(),
    decided: (line) => say(`   audit: ${line}`),
    log: complain,
  })
  try {
    say(`Devices reach it at ${stack.url}.`)
    await runDemo({ stack, region: settings.region, say })
    say('\nThat was all; everything is stopped again. `npm start` keeps it running.')
  } finally {
    await stack.close()
  }
}
