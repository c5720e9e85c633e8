import type { DeviceCredentials } from './device-credentials.ts'
import type { Fetched } from './fetch-credentials.ts'
import { type Memory, plan, rememberCredentials, rememberFailure } from './memory.ts'
import type { ProcessLock } from './process-lock.ts'

/** What providing credentials is made of. */
export type ProvidingParts = {
  readonly read: () => Promise<Memory>
  /** May fail; the credentials are given all the same. */
  readonly write: (memory: Memory) => Promise<void>
  /** Undefined while another process asks. */
  readonly tryLock: () => Promise<ProcessLock | undefined>
  readonly fetch: () => Promise<Fetched>
  readonly clock: () => Date
  /** From 0 to less than 1. */
  readonly random: () => number
  /** Waits a moment for the process that asks. */
  readonly pause: () => Promise<void>
  /** How many moments at most. */
  readonly mostPauses: number
}

/** Credentials that are valid now, perhaps with a warning; or why there are none. */
export type Provided =
  | { readonly ok: true; readonly credentials: DeviceCredentials; readonly warning?: string }
  | { readonly ok: false; readonly message: string }

/**
 * Gives what is remembered while it is fresh, else asks: one process for all of them, whose answer, good or bad, the others
 * take from memory. While one asks, the others give what is still valid, and wait only where nothing is.
 */
export async function provideCredentials(parts: ProvidingParts): Promise<Provided> {
  for (let pauses = 0; ; pauses += 1) {
    const planned = plan(await parts.read(), parts.clock())
    if (planned.do !== 'ask') return settle(planned)
    const lock = await parts.tryLock()
    if (lock !== undefined) return askAndRelease(lock, parts)
    if (planned.spare !== undefined) return { ok: true, credentials: planned.spare }
    if (pauses >= parts.mostPauses) {
      return { ok: false, message: 'another process has been asking for too long' }
    }
    await parts.pause()
  }
}

async function askAndRelease(lock: ProcessLock, parts: ProvidingParts): Promise<Provided> {
  try {
    const memory = await parts.read()
    const planned = plan(memory, parts.clock())
    // Whoever held the lock before has answered the question.
    return planned.do === 'ask' ? await ask(memory, parts) : settle(planned)
  } finally {
    await lock.release().catch(() => undefined) // it will be taken for stale
  }
}

async function ask(memory: Memory, parts: ProvidingParts): Promise<Provided> {
  const fetched = await parts.fetch()
  const now = parts.clock()
  const remembered = fetched.ok
    ? rememberCredentials(fetched.credentials, now, parts.random())
    : rememberFailure(memory, fetched, now, parts.random())
  const unwritten = await parts.write(remembered).then(
    () => undefined,
    () => 'the credentials could not be remembered: the next call will ask again',
  )
  const warning = fetched.ok ? unwritten : `not renewed: ${fetched.message}`
  return settle(plan(remembered, now), warning)
}

function settle(planned: ReturnType<typeof plan>, warning?: string): Provided {
  switch (planned.do) {
    case 'give':
      return { ok: true, credentials: planned.credentials, ...(warning && { warning }) }
    case 'refuse':
      return { ok: false, message: planned.failure.message }
    default:
      return { ok: false, message: "what came has expired by this machine's clock; is it right?" }
  }
}
