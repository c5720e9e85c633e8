import type { FuzzTarget } from './fuzz-target.ts'

/** What went wrong with an input. */
export type Failure = {
  readonly message: string
  /** Where, as far as that can be told: two failures at one place are one finding. */
  readonly place: string
}

/** Most milliseconds of CPU that one input may take: a hundred times what the slowest takes. */
const MOST_MILLISECONDS = 3000

/** Feeds one input to a target; what went wrong, or undefined. */
export async function runInput(
  target: FuzzTarget,
  input: Uint8Array,
  mostMilliseconds = MOST_MILLISECONDS,
): Promise<Failure | undefined> {
  const before = process.cpuUsage()
  try {
    const pending = target.run(input)
    if (pending !== undefined) await pending
  } catch (thrown) {
    return failureOf(thrown)
  }
  const { user, system } = process.cpuUsage(before)
  const milliseconds = (user + system) / 1000
  if (milliseconds <= mostMilliseconds) return undefined
  return { message: `took ${Math.round(milliseconds)} ms of CPU`, place: 'time' }
}

function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { message: String(thrown), place: 'no error' }
  const frames = (thrown.stack ?? '').split('\n').filter((line) => line.includes(' at '))
  const place = frames.find((line) => !line.includes('node:'))?.trim() ?? thrown.name
  return { message: `${thrown.name}: ${thrown.message}`.slice(0, 2000), place }
}
