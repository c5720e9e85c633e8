import { createServer, type Server } from 'node:http'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { afterEach, expect, test } from 'vitest'
import { auditLogGroup } from './audit-log-group.ts'

const NOW = new Date('2026-03-10T00:00:00Z')
const record = { requestId: 'r-1', time: 't', decision: 'deny' }
let server: Server | undefined

afterEach(() => server?.close())

/** A stand-in for CloudWatch Logs that gives these pages, and keeps what it was asked. */
async function logsOf(pages: readonly object[]) {
  const asked: Record<string, unknown>[] = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const page = pages[Math.min(asked.length, pages.length - 1)]
      asked.push(JSON.parse(body))
      response.setHeader('content-type', 'application/x-amz-json-1.1')
      response.end(JSON.stringify(page))
    })
  })
  const listening = server
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', () => resolve()))
  const { port } = listening.address() as { port: number }
  const client = new CloudWatchLogsClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  })
  return { asked, source: auditLogGroup(client, { name: '/aws/lambda/credentials', days: 2 }, NOW) }
}
const event = (content: object) => ({ message: `${JSON.stringify(content)}\n` })

test('a record is looked for by its request id, page after page, no further back than asked', async () => {
  const { asked, source } = await logsOf([
    { events: [], nextToken: 'n' },
    { events: [event(record)] },
  ])
  expect(await source('r-1')).toEqual({ record })
  expect(asked).toMatchObject([
    {
      logGroupName: '/aws/lambda/credentials',
      filterPattern: '{ $.requestId = "r-1" }',
      startTime: Date.parse('2026-03-08T00:00:00Z'),
    },
    { nextToken: 'n' },
  ])
})

test('no record on the last page is no record', async () => {
  const { source } = await logsOf([{ events: [event({ ...record, requestId: 'other r-1' })] }])
  expect(await source('r-1')).toEqual({ record: undefined })
})

test('a log that goes on and on is given up', async () => {
  const { asked, source } = await logsOf([{ events: [], nextToken: 'n' }])
  expect(await source('r-1')).toMatchObject({ problem: expect.stringContaining('--days') })
  expect(asked).toHaveLength(200)
})
