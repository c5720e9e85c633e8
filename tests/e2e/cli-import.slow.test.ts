import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { issueDeviceCertificate } from '@thingpass/local/pki/issue-certificate'
import { keepDeviceCa } from '@thingpass/local/pki/local-pki'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { COMMAND, runCommand } from '../support/run-command.ts'

const SLOW = 120_000
const WITH_CERTIFICATE = 40
const WITHOUT = 260

let stack: TestStack
let folder: string
beforeAll(async () => {
  stack = await startTestStack()
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
}, SLOW)
afterAll(async () => {
  await stack.close()
  await rm(folder, { recursive: true })
})

const target = () => ['--endpoint', stack.controlUrl, '--data-dir', stack.dataDir]
const json = async (...args: readonly string[]) => {
  const { code, out, err } = await runCommand([...args, ...target(), '--json'])
  if (code !== 0) throw new Error(err)
  return JSON.parse(out)
}

async function writeFleet(): Promise<string> {
  const rows: string[] = []
  const now = new Date()
  const ca = await keepDeviceCa(stack.dataDir, 'default', now)
  for (let index = 0; index < WITH_CERTIFICATE; index += 1) {
    const commonName = `c${index}`
    const { certificatePem } = await issueDeviceCertificate(ca, { commonName, now, validDays: 1 })
    await writeFile(join(folder, `${commonName}.pem`), certificatePem)
    rows.push(`${commonName},camera,${commonName}.pem,camera-credentials,berlin`)
  }
  for (let index = 0; index < WITHOUT; index += 1) rows.push(`d${index},gateway,,,lyon`)
  const path = join(folder, 'fleet.csv')
  await writeFile(
    path,
    ['thingName,thingType,certificate,policies,attributes.site', ...rows].join('\n'),
  )
  return path
}

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

test(
  'an import that is killed goes on where it was, and leaves nothing twice',
  async () => {
    const path = await writeFleet()
    const line = [COMMAND, 'things', 'import', path, ...target(), '--concurrency', '4']
    const killed = spawn(process.execPath, line, { stdio: 'ignore' })
    const deadline = Date.now() + SLOW / 2
    while ((await sizeOf(`${path}.journal`)) === 0 && Date.now() < deadline) await sleep(5)
    killed.kill('SIGKILL')
    await once(killed, 'close')
    const before: unknown[] = (await json('things', 'list', '--attr-name', 'site')).things
    expect(before.length).toBeLessThan(WITH_CERTIFICATE + WITHOUT)

    const summary = await json('things', 'import', path)
    expect(summary).toMatchObject({ failed: 0 })
    expect(summary.skipped).toBeGreaterThan(0)
    expect(summary.done + summary.skipped).toBe(WITH_CERTIFICATE + WITHOUT)
    expect((await readdir(folder)).filter((name) => name.startsWith('fleet'))).toEqual([
      'fleet.csv',
    ])

    const { things } = await json('things', 'list')
    const names = things.map(({ thingName }: { thingName: string }) => thingName)
    expect(new Set(names).size).toBe(names.length)
    for (let index = 0; index < WITHOUT; index += 1) expect(names).toContain(`d${index}`)
    const { targets } = await json('policies', 'targets', 'camera-credentials')
    expect(targets.filter((each: string) => each.includes(':cert/'))).toHaveLength(
      WITH_CERTIFICATE + 2, // the demo cameras
    )
    for (const thing of ['c0', `c${WITH_CERTIFICATE - 1}`]) {
      const { thingPrincipalObjects } = await json('things', 'principals', thing)
      expect(thingPrincipalObjects).toHaveLength(1)
    }
  },
  SLOW,
)
