import { expect, test } from 'vitest'
import { createTruststoreLine } from './metrics.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const publication = {
  plan: { pem: '', cas: [], refused: [] },
  warnings: ['weak'],
  lagSeconds: 1.4,
}

test('a publication is counted in the namespace of its stage', () => {
  const written = JSON.parse(createTruststoreLine('Thingpass/dev')(publication, 'failed', NOON))
  expect(written._aws.CloudWatchMetrics).toMatchObject([
    { Namespace: 'Thingpass/dev', Dimensions: [[]] },
  ])
  expect(written).toMatchObject({
    outcome: 'failed',
    warnings: ['weak'],
    TruststoreLagSeconds: 1,
    TruststoreWarnings: 1,
  })
})

test('without a CA, nothing expires', () => {
  const line = createTruststoreLine('Thingpass/dev')(publication, 'unchanged', NOON)
  expect(line).not.toContain('TruststoreDaysToExpiry')
})
