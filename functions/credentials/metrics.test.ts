import type { AuditRecord } from '@thingpass/core/audit-record'
import { expect, test } from 'vitest'
import { createMetricLine } from './metrics.ts'

const renderMetricLine = createMetricLine('Thingpass/dev')

const record: AuditRecord = {
  kind: 'credentials',
  time: '2026-03-04T05:06:07.000Z',
  requestId: 'r-1',
  decision: 'allow',
  status: 200,
  certificateId: 'c'.repeat(64),
  timings: { read: 2.5, total: 9 },
}

test('a success is one line: the record, its count, and its latencies by phase', () => {
  const line = renderMetricLine(record)
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toEqual({
    ...record,
    CredentialExchangeSuccess: 1,
    ReadLatency: 2.5,
    TotalLatency: 9,
    _aws: {
      Timestamp: Date.parse('2026-03-04T05:06:07Z'),
      CloudWatchMetrics: [
        {
          Namespace: 'Thingpass/dev',
          Dimensions: [[]],
          Metrics: [{ Name: 'CredentialExchangeSuccess', Unit: 'Count' }],
        },
        {
          Namespace: 'Thingpass/dev',
          Dimensions: [[]],
          Metrics: [
            { Name: 'ReadLatency', Unit: 'Milliseconds' },
            { Name: 'TotalLatency', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
  })
})

test.each([
  ['deny', { reason: 'policy-denies' }, 'CredentialExchangeDenied', ['reason']],
  ['fault', { fault: 'STS_TIMEOUT' }, 'CredentialExchangeFault', ['fault']],
] as const)('a %s is counted as a whole and by its cause', (decision, cause, metric, dimension) => {
  const written = JSON.parse(renderMetricLine({ ...record, decision, ...cause }))
  expect(written).toMatchObject({ ...cause, [metric]: 1 })
  expect(written._aws.CloudWatchMetrics[0]).toEqual({
    Namespace: 'Thingpass/dev',
    Dimensions: [[], dimension],
    Metrics: [{ Name: metric, Unit: 'Count' }],
  })
})

test.each([
  ['allow', 'ApiRequestAllowed'],
  ['deny', 'ApiRequestDenied'],
  ['fault', 'ApiRequestFault'],
] as const)('of the authorizer, a %s is counted apart', (decision, metric) => {
  const written = JSON.parse(renderMetricLine({ ...record, kind: 'authorizer', decision }))
  expect(written).toMatchObject({ kind: 'authorizer', [metric]: 1 })
  expect(Object.keys(written).filter((key) => key.startsWith('CredentialExchange'))).toEqual([])
})

test('times of the authorizer are apart from those of credential requests', () => {
  const written = JSON.parse(renderMetricLine({ ...record, kind: 'authorizer' }))
  const names = written._aws.CloudWatchMetrics[1].Metrics.map(({ Name }: { Name: string }) => Name)
  expect(names).toEqual(['ApiRequestReadLatency', 'ApiRequestTotalLatency'])
  expect(written).toMatchObject({ ApiRequestReadLatency: 2.5, ApiRequestTotalLatency: 9 })
})

test('two stages share no metric', () => {
  const namespaces = ['Thingpass/dev', 'Thingpass/production'].map((namespace) => {
    const written = JSON.parse(createMetricLine(namespace)(record))
    return written._aws.CloudWatchMetrics.map(({ Namespace }: { Namespace: string }) => Namespace)
  })
  expect(namespaces).toEqual([
    ['Thingpass/dev', 'Thingpass/dev'],
    ['Thingpass/production', 'Thingpass/production'],
  ])
})
