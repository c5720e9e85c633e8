import type { Sample } from '../measure/sample.ts'

/** A good device's request in tests: sent at 1 s, answered 20 ms later. */
export const SAMPLE: Sample = {
  ...{ arrival: 0, kind: 'good', device: 'good-1', tenantId: 'load-quiet', attempt: 1 },
  ...{ wokeAt: 1000, sentAt: 1000, endedAt: 1020, refusedConnections: 0 },
  ...{ status: 200, connection: 'full', answerMs: 8 },
}
