import { expect, test } from 'vitest'
import type { Fetched } from './fetch-credentials.ts'
import type { Memory } from './memory.ts'
import { type ProvidingParts, provideCredentials } from './provide-credentials.ts'

const at = (text: string) => new Date(`2026-03-04T${text}Z`)
const credentialsUntil = (time: string, accessKeyId = 'NEW') => ({
  ...{ accessKeyId, secretAccessKey: 's', sessionToken: 't', expiration: at(time) },
})
const held = {
  ...credentialsUntil('13:00:00', 'HELD'),
  ...{ receivedAt: at('12:00:00'), refreshAt: at('12:30:00') },
}
const FAILED: Fetched = { ok: false, message: 'HTTP 503', holdSeconds: 10 }

/** A world with a clock that stands still unless fetching takes time. */
function worldOf(changed: {
  readonly memory?: Memory
  readonly now?: string
  readonly fetched?: Fetched
  readonly fetchEndsAt?: string
  /** What another process, which has the lock at first, leaves behind after one pause. */
  readonly other?: Memory
  readonly otherForEver?: boolean
  readonly writeFails?: boolean
}) {
  const { other, otherForEver = false, fetchEndsAt } = changed
  let memory = changed.memory ?? {}
  let now = at(changed.now ?? '12:00:00')
  const did: string[] = []
  let busy = other !== undefined || otherForEver
  const parts: ProvidingParts = {
    read: async () => memory,
    write: async (next) => {
      did.push('write')
      if (changed.writeFails === true) throw new Error('disk full')
      memory = next
    },
    tryLock: async () => {
      if (busy) return undefined
      did.push('lock')
      return { release: async () => void did.push('release') }
    },
    fetch: async () => {
      did.push('fetch')
      if (fetchEndsAt !== undefined) now = at(fetchEndsAt)
      return changed.fetched ?? { ok: true, credentials: credentialsUntil('14:00:00') }
    },
    pause: async () => {
      did.push('pause')
      memory = other ?? memory
      busy = otherForEver
    },
    ...{ clock: () => now, random: () => 0, mostPauses: 3 },
  }
  return { parts, did, memory: () => memory }
}
async function provide(changed: Parameters<typeof worldOf>[0]) {
  const { parts, did, memory } = worldOf(changed)
  const provided = await provideCredentials(parts)
  const got = provided.ok ? provided.credentials.accessKeyId : provided.message
  return { got, did: did.join(' '), memory: memory(), warning: provided.ok && provided.warning }
}

test('what is fresh is given without a request or a lock', async () => {
  expect(await provide({ memory: { held } })).toMatchObject({ got: 'HELD', did: '' })
})

test('where nothing is remembered one request is made, under the lock, and remembered', async () => {
  const { got, did, memory, warning } = await provide({})
  expect({ got, did, warning }).toEqual({
    ...{ got: 'NEW', did: 'lock fetch write release', warning: undefined },
  })
  expect(memory.held).toMatchObject({ accessKeyId: 'NEW', refreshAt: at('13:30:00') })
})

test('what is due is renewed', async () => {
  expect(await provide({ memory: { held }, now: '12:31:00' })).toMatchObject({ got: 'NEW' })
})

test('when renewing fails what still lives is given, with a warning, and the failure is remembered', async () => {
  const { got, warning, memory } = await provide({
    ...{ memory: { held }, now: '12:31:00', fetched: FAILED },
  })
  expect({ got, warning }).toEqual({ got: 'HELD', warning: 'not renewed: HTTP 503' })
  expect(memory).toMatchObject({ held, failure: { until: at('12:31:10') } })
})

test('what expired while it was being renewed is not given', async () => {
  const { got } = await provide({
    ...{ memory: { held }, now: '12:59:58', fetched: FAILED, fetchEndsAt: '13:00:00' },
  })
  expect(got).toBe('HTTP 503')
})

test('a failure with nothing held is told, remembered, and not asked after again', async () => {
  const first = await provide({ fetched: FAILED })
  expect(first).toMatchObject({ got: 'HTTP 503', did: 'lock fetch write release' })
  const second = await provide({ memory: first.memory, now: '12:00:09' })
  expect(second).toMatchObject({ got: 'HTTP 503', did: '' })
  expect(await provide({ memory: first.memory, now: '12:00:10' })).toMatchObject({ got: 'NEW' })
})

test('while another process asks, what still lives is given at once', async () => {
  const changed = { memory: { held }, now: '12:31:00', otherForEver: true }
  expect(await provide(changed)).toMatchObject({ got: 'HELD', did: '' })
})

test('what another process was answered is taken from it', async () => {
  expect(await provide({ other: { held } })).toMatchObject({ got: 'HELD', did: 'pause' })
  const failure = { at: at('12:00:00'), until: at('12:00:05'), message: 'HTTP 403' }
  expect(await provide({ other: { failure } })).toMatchObject({ got: 'HTTP 403', did: 'pause' })
})

test('a process that died while it asked is succeeded', async () => {
  expect(await provide({ other: {} })).toMatchObject({
    got: 'NEW',
    did: 'pause lock fetch write release',
  })
})

test('what was remembered just before the lock was had makes the request needless', async () => {
  const { parts, did } = worldOf({})
  const reads: Memory[] = [{}, { held }]
  const provided = await provideCredentials({ ...parts, read: async () => reads.shift() ?? {} })
  expect(provided).toMatchObject({ ok: true, credentials: { accessKeyId: 'HELD' } })
  expect(did).toEqual(['lock', 'release'])
})

test('another process is not waited for without end', async () => {
  expect(await provide({ otherForEver: true })).toMatchObject({
    got: 'another process has been asking for too long',
    did: 'pause pause pause',
  })
})

test('what cannot be remembered is given, with a warning', async () => {
  const { got, did, warning } = await provide({ writeFails: true })
  expect({ got, did }).toEqual({ got: 'NEW', did: 'lock fetch write release' })
  expect(warning).toContain('could not be remembered')
})

test('what has expired when it comes is not given', async () => {
  expect((await provide({ now: '14:00:00' })).got).toContain('clock')
})

test('the lock is released when asking throws, and a lock that cannot be released harms nobody', async () => {
  const { parts, did } = worldOf({})
  const fetch = () => Promise.reject(new Error('unforeseen'))
  await expect(provideCredentials({ ...parts, fetch })).rejects.toThrow('unforeseen')
  expect(did).toEqual(['lock', 'release'])
  const tryLock = async () => ({ release: () => Promise.reject(new Error('gone')) })
  expect(await provideCredentials({ ...parts, tryLock })).toMatchObject({ ok: true })
})
