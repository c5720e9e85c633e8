import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { lockDirectory } from './directory-lock.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 })

// `darwin` stands for every system on which the lock leaves a file behind.
describe.each(['linux', 'darwin'] as const)('the lock on %s', (platform) => {
  let other: ChildProcess | undefined
  afterEach(() => other?.kill('SIGKILL'))

  const lockElsewhere = async (path: string) => {
    const program = `
      import { lockDirectory } from ${JSON.stringify(new URL('./directory-lock.ts', import.meta.url).href)}
      const lock = await lockDirectory(${JSON.stringify(path)}, ${JSON.stringify(platform)})
      console.log(lock === undefined ? 'refused' : 'held')
      setInterval(() => undefined, 1000)`
    other = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = await once(other.stdout!, 'data')
    return { said: String(said).trim(), killed: once(other, 'exit') }
  }

  test.runIf(process.platform === 'linux')(
    'keeps another process out until it is released',
    async () => {
      const path = `/${randomUUID()}`
      const lock = await lockDirectory(path, platform)
      expect(lock).toBeDefined()
      expect(await lockDirectory(path, platform)).toBeUndefined()
      const unrelated = await lockDirectory(`${path}-other`, platform)
      expect(unrelated).toBeDefined()
      await unrelated?.release()
      expect((await lockElsewhere(path)).said).toBe('refused')
      await lock?.release()
      await lock?.release()
      const again = await lockDirectory(path, platform)
      expect(again).toBeDefined()
      await again?.release()
    },
  )

  test.runIf(process.platform === 'linux')(
    'is free again after its holder was killed',
    async () => {
      const path = `/${randomUUID()}`
      const { said, killed } = await lockElsewhere(path)
      expect(said).toBe('held')
      expect(await lockDirectory(path, platform)).toBeUndefined()
      other?.kill('SIGKILL')
      await killed
      const lock = await lockDirectory(path, platform)
      expect(lock).toBeDefined()
      await lock?.release()
    },
  )
})
