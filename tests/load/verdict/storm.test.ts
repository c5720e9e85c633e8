import { expect, test } from 'vitest'
import { SAMPLE } from './sample-fixture.ts'
import { stormFigures } from './storm.ts'

const told = { ...SAMPLE, status: 503, retryAfterSeconds: 2, endedAt: 5000 }

test('counts devices, not attempts; and what each met until it was served', () => {
  const samples = [
    { ...SAMPLE, arrival: 0, refusedConnections: 3, endedAt: 10_500 },
    { ...told, arrival: 1, refusedConnections: 1 },
    { ...SAMPLE, arrival: 1, attempt: 2, sentAt: 7000, endedAt: 12_000, refusedConnections: 2 },
    { ...told, arrival: 2 },
  ]
  expect(stormFigures(samples, 10_000)).toEqual({
    ...{ devices: 3, served: 2, refusedConnections: 5, toldToComeBack: 2, cameTooSoon: 0 },
    servedAfterMs: { count: 2, p50: 500, p95: 2000, p99: 2000, max: 2000 },
  })
})

test.each([
  [6999, 1],
  [7000, 0],
])('who was told 2 s at 5 s and comes at %i ms: too soon %i times', (sentAt, times) => {
  const again = { ...SAMPLE, attempt: 2, sentAt, endedAt: 9000 }
  expect(stormFigures([again, told], undefined).cameTooSoon).toBe(times)
})

test('without an outage nobody was served after it', () => {
  expect(stormFigures([SAMPLE], undefined)).not.toHaveProperty('servedAfterMs')
})

test('who was served before the server was seen to be back was served at once', () => {
  expect(stormFigures([SAMPLE], 99_000).servedAfterMs?.max).toBe(0)
})
