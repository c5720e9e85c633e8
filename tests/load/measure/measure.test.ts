import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SAMPLE } from '../verdict/sample-fixture.ts'
import { countAudit, countRecords, markAudit } from './audit-reasons.ts'
import { percentilesOf } from './percentiles.ts'
import { machineSeconds, processSeconds, useBetween, watchCpu } from './process-cpu.ts'
import { parseSamples, type Sample } from './sample.ts'
import { countAnswers, sessionTimes, timeSeriesOf } from './time-series.ts'

describe('percentiles', () => {
  test('are values that were measured', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(percentilesOf(values)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 })
    expect(percentilesOf([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7, max: 7 })
    expect(percentilesOf([9, 1, 5])).toEqual({ count: 3, p50: 5, p95: 9, p99: 9, max: 9 })
  })

  test('of nothing are none', () => {
    expect(percentilesOf([])).toBeUndefined()
  })
})

describe('a time series', () => {
  test('starts with the first device and has no gaps', () => {
    const samples = [
      { ...SAMPLE, wokeAt: 10_000, endedAt: 10_100 },
      { ...SAMPLE, wokeAt: 10_100, endedAt: 10_300, status: 429 },
      { ...SAMPLE, wokeAt: 11_500, endedAt: 11_600 },
    ]
    const { origin, bucketSeconds, points } = timeSeriesOf(samples)
    expect([origin, bucketSeconds]).toEqual([10_000, 0.5])
    expect(points.map(({ second, answers }) => [second, answers])).toEqual([
      [0, { 200: 1, 429: 1 }],
      [0.5, {}],
      [1, {}],
      [1.5, { 200: 1 }],
    ])
    expect(points[1]).not.toHaveProperty('answerMs')
    expect(points[3]?.sessionMs?.p50).toBe(100)
  })

  test('of a long run has buckets that can be told apart', () => {
    const samples = [0, 3_600_000].map((endedAt) => ({ ...SAMPLE, wokeAt: endedAt, endedAt }))
    const { bucketSeconds, points } = timeSeriesOf(samples)
    expect(bucketSeconds).toBe(30)
    expect(points).toHaveLength(121)
    expect(points.at(-1)?.answers).toEqual({ 200: 1 })
  })

  test('of nothing is empty', () => {
    expect(timeSeriesOf([]).points).toEqual([])
  })
})

test('a session is long until its device has what it came for', () => {
  const { status: _, ...failed } = SAMPLE
  const samples: Sample[] = [
    { ...SAMPLE, wokeAt: 0, endedAt: 5 },
    { ...SAMPLE, wokeAt: 0, endedAt: 6, status: 503 },
    { ...failed, wokeAt: 0, endedAt: 7, error: 'ECONNRESET' },
    { ...SAMPLE, wokeAt: 0, endedAt: 8, kind: 'revoked', status: 403 },
  ]
  expect(sessionTimes(samples)).toEqual([5, 8])
  expect(countAnswers(samples)).toEqual({ 200: 1, 403: 1, 503: 1, ECONNRESET: 1 })
})

test('a last line that is torn is no sample', () => {
  const line = JSON.stringify(SAMPLE)
  expect(parseSamples(`${line}\n${line}\n{"arr`)).toEqual([SAMPLE, SAMPLE])
  expect(parseSamples('')).toEqual([])
})

describe('processor time', () => {
  test('is read behind a program’s name, whatever that holds', () => {
    const after = 'S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0'
    expect(processSeconds(`77 (node) ${after}`)).toBe(2)
    expect(processSeconds(`77 (a) S (b c) ${after}`)).toBe(2)
    expect(processSeconds(undefined)).toBeUndefined()
    expect(processSeconds('')).toBeUndefined()
  })

  test('of the machine leaves out idling and waiting', () => {
    const stat = 'cpu  100 10 50 9999 8888 5 5 30 7 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n'
    expect(machineSeconds(stat)).toBe(2)
    expect(machineSeconds('cpu  1 2 3\n')).toBeUndefined()
    expect(machineSeconds(undefined)).toBeUndefined()
  })

  test('is in cores, and of one process: another starts again at nothing', () => {
    const reading = (at: number, who: string, seconds: number) => ({
      at,
      used: new Map([
        ['server', { who, seconds }],
        ['machine', { who: '', seconds: 10 + seconds }],
      ]),
    })
    const before = reading(1000, '7', 3)
    expect(useBetween(before, reading(1500, '7', 4))).toEqual({ at: 1500, server: 2, machine: 2 })
    expect(useBetween(before, reading(1500, '8', 4))).toEqual({ at: 1500, machine: 2 })
  })

  test.runIf(process.platform === 'linux')('is watched until it is stopped', async () => {
    let readings = 0
    const processes = () => {
      readings += 1
      return { server: process.pid, clients: undefined }
    }
    const watch = watchCpu(processes, 10)
    await vi.waitFor(() => expect(readings).toBeGreaterThan(2), { timeout: 4000, interval: 5 })
    const points = watch.stop()
    expect(points.length).toBeGreaterThanOrEqual(2)
    expect(points[0]?.server).toBeGreaterThanOrEqual(0)
    expect(points[0]?.machine).toBeGreaterThanOrEqual(0)
    expect(points[0]).not.toHaveProperty('clients')
  })
})

describe('audit records', () => {
  const record = (decision: string, more: object = {}) =>
    `${JSON.stringify({ kind: 'credentials', decision, ...more })}\n`
  const text = [
    record('allow'),
    record('deny', { reason: 'certificate-unknown' }),
    record('deny', { reason: 'certificate-unknown' }),
    record('fault', { fault: 'REGISTRY_TIMEOUT' }),
  ].join('')

  test('are counted by reason and fault', () => {
    expect(countRecords(text)).toEqual({
      ...{ records: 4, allowed: 1 },
      reasons: { REGISTRY_TIMEOUT: 1, 'certificate-unknown': 2 },
    })
  })

  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'load-audit-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('of before the mark are not counted', async () => {
    const path = join(folder, 'audit.jsonl')
    await writeFile(path, text)
    const mark = await markAudit(path)
    await writeFile(path, record('deny', { reason: 'path-unknown' }), { flag: 'a' })
    expect(await countAudit(path, mark)).toEqual({
      ...{ records: 1, allowed: 0 },
      reasons: { 'path-unknown': 1 },
    })
  })
})
