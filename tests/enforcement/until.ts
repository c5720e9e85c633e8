import { setTimeout as delay } from 'node:timers/promises'

const PAUSE_MS = 50

/**
 * Asks again and again until there is an answer, and gives it.
 * @throws {Error} naming what was waited for, once the time is up
 */
export async function until<Value>(
  { what, seconds }: { readonly what: string; readonly seconds: number },
  ask: () => Promise<Value | undefined>,
): Promise<Value> {
  const deadline = performance.now() + seconds * 1000
  while (performance.now() < deadline) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await delay(PAUSE_MS)
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`)
}
