import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measureColdStarts, measureWarm } from './cold-and-warm.ts'
import type { Side, Sides } from './lambda/build-sides.ts'

const runtimeClient = fileURLToPath(new URL('lambda/runtime-client.mjs', import.meta.url))
const service = createServer((_, response) => response.end('{}'))
let services: Sides['services']
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-test-'))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  services = { dynamodbUrl: url, stsUrl: url }
})
afterAll(async () => {
  service.closeAllConnections()
  service.close()
  await rm(folder, { recursive: true })
})

/** A function that makes so many calls for a request, one after the other, and burns so many milliseconds. */
async function sideOf(
  name: string,
  calls: number,
  burnMs = 0,
  answer = '{ statusCode: 200 }',
): Promise<Side> {
  const place = await mkdtemp(join(folder, 'side-'))
  const code = `export const handler = async (event) => {
    if (event.usage) return process.cpuUsage()
    for (let at = 0; at < ${calls}; at++) await fetch(process.env.AWS_ENDPOINT_URL_STS, { method: 'POST', body: 'Action=AssumeRole' })
    const until = process.cpuUsage().user + ${burnMs * 1000}
    while (process.cpuUsage().user < until);
    return ${answer} }`
  for (const file of ['bundle.mjs', 'probe.mjs']) await writeFile(join(place, file), code)
  return {
    name,
    function: { folder: place, handler: 'bundle.handler', environment: {}, runtimeClient },
    ...{ bundleBytes: 0, gzipBytes: 0 },
  }
}

async function sidesOf(...bundles: readonly Side[]): Promise<Sides> {
  const call = { operation: 'AssumeRole', body: '' }
  return {
    ...{ bare: await sideOf('bare', 1), empty: await sideOf('empty', 0), bundles },
    script: { cold: [[call]], warm: [[call]] },
    ...{ recordings: new Map(), services },
  }
}

const PLAN = { processes: 1, warmUp: 1, blocks: 2, invocationsPerBlock: 3 }

describe('cold starts', { timeout: 60_000 }, () => {
  test('are measured once a round for each side, the first round left out', async () => {
    const starts = await measureColdStarts(await sidesOf(await sideOf('ours', 1)), '{}', 2)
    expect([...starts].map(([name, entries]) => [name, entries.length]).sort()).toEqual([
      ['bare', 2],
      ['empty', 2],
      ['ours', 2],
    ])
    for (const { init, first } of [...starts.values()].flat()) {
      expect(init).toBeGreaterThan(0)
      expect(first).toBeGreaterThan(0)
    }
  })

  test.each([0, 2])('of a function that makes %d calls instead of 1 are refused', async (calls) => {
    const sides = await sidesOf(await sideOf('ours', calls))
    await expect(measureColdStarts(sides, '{}', 1)).rejects.toThrow(
      `ours made ${calls} calls, not 1`,
    )
  })

  test('of a function that gives no credentials are refused', async () => {
    const sides = await sidesOf(await sideOf('ours', 1, 0, '{ statusCode: 403 }'))
    await expect(measureColdStarts(sides, '{}', 1)).rejects.toThrow('ours gave no credentials')
  })
})

describe('warm credentials', { timeout: 60_000 }, () => {
  test('are charged the CPU that the process says it has used, and nothing of the other side', async () => {
    const warm = await measureWarm(await sidesOf(await sideOf('ours', 1, 30)), '{}', PLAN)
    const least = (name: string) => Math.min(...(warm.get(name) ?? []).map(({ cpu }) => cpu))
    expect(warm.get('ours')).toHaveLength(2)
    expect(least('ours')).toBeGreaterThanOrEqual(25)
    expect(least('bare')).toBeLessThan(25)
  })

  test('of a function that makes more calls than the bare one are refused', async () => {
    const sides = await sidesOf(await sideOf('ours', 2))
    await expect(measureWarm(sides, '{}', PLAN)).rejects.toThrow(
      'ours made 6 calls in a block instead of 3',
    )
  })
})
