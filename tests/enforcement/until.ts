import { setTimeout as delay } from 'node:timers/promises'

const PAUSE_MS = 50

/** What is waited for, for how long, and what ends the wait before. */
export type Wait = {
  readonly what: string
  readonly seconds: number
  readonly signal?: AbortSignal
}

/**
 * Asks again and again until there is an answer, and gives it.
 * @throws {Error} naming what was waited for, once the time is up or the signal given
 */
export async function until<Value>(
  { what, seconds, signal }: Wait,
  ask: () => Promise<Value | undefined>,
): Promise<Value> {
  const deadline = performance.now() + seconds * 1000
  while (performance.now() < deadline && signal?.aborted !== true) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await delay(PAUSE_MS)
  }
  throw new Error(`waited in vain (${seconds} s at most) for ${what}`)
}
