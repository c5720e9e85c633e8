import { parseArgs } from 'node:util'
import { type Round, startWorld, type Victim } from './world.ts'

const USAGE = 'usage: npm run kills -- [--times N] [--seed n]\n'
const WRONG_USAGE = 2
/** A directory is left after so many kills: reading all of it takes longer with every change. */
const KILLS_OF_A_WORLD = 25

process.exitCode = await main().catch((thrown: Error) => {
  process.stderr.write(`kills: ${thrown.message}\n`)
  return WRONG_USAGE
})

async function main(): Promise<number> {
  const wanted = readArguments()
  if (wanted === undefined) {
    process.stderr.write(USAGE)
    return WRONG_USAGE
  }
  const { times, seed } = wanted
  process.stdout.write(`kills: seed ${seed}\n`)
  const begun = performance.now()
  const half = Math.floor(times / 2)
  // Both at once: the machine is busier, and kills come at worse moments.
  const rounds = (
    await Promise.all([killMany('handler', times - half, seed), killMany('everything', half, seed)])
  ).flat()
  const sum = (count: (round: Round) => number) =>
    rounds.reduce((total, round) => total + count(round), 0)
  const problems = sum((round) => round.problems.length)
  const seconds = Math.round((performance.now() - begun) / 1000)
  process.stdout.write(
    `kills: ${rounds.length} kills (${times - half} of the handler, ${half} of handler and engine), ${sum(({ acknowledged }) => acknowledged)} changes acknowledged, ${sum(({ unanswered }) => unanswered)} under way when killed, ${problems} problems, ${seconds} s, seed ${seed}\n`,
  )
  return problems === 0 ? 0 : 1
}

function readArguments(): { readonly times: number; readonly seed: number } | undefined {
  try {
    const { values } = parseArgs({
      options: { times: { type: 'string', default: '50' }, seed: { type: 'string' } },
    })
    const times = Number(values.times)
    const seed = Number(values.seed ?? Date.now() % 2 ** 31)
    return Number.isSafeInteger(times) && times > 0 && Number.isSafeInteger(seed)
      ? { times, seed }
      : undefined
  } catch {
    return undefined
  }
}

async function killMany(victim: Victim, times: number, seed: number): Promise<readonly Round[]> {
  const rounds: Round[] = []
  for (let first = 0; first < times; first += KILLS_OF_A_WORLD) {
    const world = await startWorld(victim, seed + first)
    try {
      const last = Math.min(times, first + KILLS_OF_A_WORLD)
      for (let kill = first; kill < last; kill++) {
        const round = await world.killOnce()
        rounds.push(round)
        for (const problem of round.problems) {
          process.stdout.write(`kills: ${victim}, kill ${kill + 1}: ${problem}\n`)
        }
      }
    } finally {
      await world.close()
    }
  }
  return rounds
}
