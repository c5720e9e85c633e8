import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test, vi } from 'vitest'
import { descendantsOf, isAlive, spawnProgram } from '../testing/spawned-program.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 })

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('thingpass-demo-'))

test('the demo shows credentials, two refusals and a revocation, and cleans up', {
  timeout: 20_000,
}, async () => {
  const before = leftovers()
  const demo = spawnProgram('demo.main.ts', [])
  let descendants: readonly number[] = []
  await expect
    .poll(
      () => {
        descendants = descendantsOf(demo.child.pid!)
        return descendants.length + (demo.child.exitCode ?? -1) + 1
      },
      { timeout: 10_000, interval: 5 },
    )
    .toBeGreaterThan(0)
  expect(await demo.ended).toBe(0)
  expect(demo.stderr()).toBe('')
  const shown = [
    /200 {2}access key ASIALOCAL\w{11}, good until \d{4}-\d{2}-\d{2}T/,
    /arn:aws:sts::123456789012:assumed-role\/thingpass-demo-camera\/[0-9a-f]{64}/,
    /403 {2}\{"message":"Invalid thing name passed"\}/,
    /403 {2}\{"message":"Access Denied"\}/,
    /403 {2}\{"message":"Certificate is invalid on this endpoint"\}/,
    /Same connection, next request: refused\./,
  ]
  for (const part of shown) expect(demo.stdout()).toMatch(part)
  expect(demo.stdout()).not.toMatch(/thingpass-local\/|BEGIN/)
  await expect.poll(() => descendants.filter(isAlive)).toEqual([])
  expect(leftovers()).toEqual(before)
})
