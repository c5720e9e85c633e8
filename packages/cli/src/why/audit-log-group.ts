import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { findRecord } from './audit-lines.ts'
import type { AuditSource } from './audit-source.ts'

/** How far back a request is looked for, and how many pages of the log are read at most. */
const DAY_MS = 24 * 60 * 60 * 1000
const MOST_PAGES = 200

/** Where a deployment's audit records are. */
export type LogGroup = { readonly name: string; readonly days: number }

/** The log group of a deployed credentials function. Needs `logs:FilterLogEvents`. */
export function auditLogGroup(
  client: CloudWatchLogsClient,
  group: LogGroup,
  now: Date,
): AuditSource {
  return async (requestId) => {
    let nextToken: string | undefined
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = await client.send(
        new FilterLogEventsCommand({
          logGroupName: group.name,
          filterPattern: `{ $.requestId = ${JSON.stringify(requestId)} }`,
          startTime: now.getTime() - group.days * DAY_MS,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      )
      const lines = (answer.events ?? []).flatMap(({ message }) => message ?? [])
      const record = findRecord(lines, requestId)
      nextToken = answer.nextToken
      if (record !== undefined || nextToken === undefined) return { record }
    }
    return { problem: `the log has more than ${MOST_PAGES} pages; ask for fewer --days` }
  }
}
