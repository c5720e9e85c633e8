import { parseArgs } from 'node:util'
import { runOffline } from '../../tests/infra/run-offline.ts'
import { countDeployed } from './deployed.ts'
import { unpricedKinds } from './kinds.ts'
import {
  credentialsCost,
  idleCost,
  LOG_BYTES_PER_CREDENTIAL,
  READ_UNITS_PER_CREDENTIAL,
  totalOf,
} from './monthly-cost.ts'
import { priceNote, renderCost } from './render-cost.ts'

const USAGE =
  'usage: npm run cost -- [--stage NAME] [--credentials N] [--cas N] [--credential-ms N] [--publisher-ms N]\n'

const DEFAULTS = {
  stage: 'production',
  credentials: '1000000',
  cas: '1',
  'credential-ms': '40',
  'publisher-ms': '200',
}

function readOptions() {
  const text = { type: 'string' } as const
  const options = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, text]))
  const { values } = parseArgs({ options })
  const given: Record<string, string | boolean | undefined> = { ...DEFAULTS, ...values }
  const number = (name: keyof typeof DEFAULTS): number => {
    const value = Number(given[name])
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number`)
    return value
  }
  return {
    stage: String(given.stage),
    credentials: number('credentials'),
    usage: {
      cas: number('cas'),
      credentialMs: number('credential-ms'),
      publisherMs: number('publisher-ms'),
    },
  }
}

const unpricedNote = (kinds: readonly string[]): string =>
  unpricedKinds(kinds)
    .map((kind) => `Not priced: ${kind}\n`)
    .join('')

async function main(): Promise<number> {
  let options: ReturnType<typeof readOptions>
  try {
    options = readOptions()
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : ''}\n${USAGE}`)
    return 2
  }
  const { stage, credentials, usage } = options
  const [result] = await runOffline([{ id: stage, stage }])
  if (result?.ok !== true) {
    process.stderr.write(`the program does not run: ${result?.error ?? 'no result'}\n`)
    return 1
  }
  const deployed = countDeployed(result.state)
  const idle = idleCost(deployed, usage)
  const used = credentialsCost(deployed, usage, credentials)
  process.stdout.write(
    [
      priceNote(),
      `Assumed: ${usage.cas} CA, ${usage.credentialMs} ms billed for a credential, ${usage.publisherMs} ms for a run of the publisher,\n`,
      `${READ_UNITS_PER_CREDENTIAL} read units and ${LOG_BYTES_PER_CREDENTIAL} bytes of log for a credential.\n\n`,
      renderCost(`A month of stage ${stage}, idle`, idle),
      '\n',
      renderCost(`${credentials.toLocaleString('en-US')} credentials`, used),
      unpricedNote(result.state.resources.map(({ type }) => type)),
      `\nTogether $${(totalOf(idle) + totalOf(used)).toFixed(2)}\n`,
    ].join(''),
  )
  return 0
}

process.exitCode = await main()
