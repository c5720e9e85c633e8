import type { CommandIo, ExitCode } from '../command-io.ts'
import type { AuditSource } from '../why/audit-source.ts'
import { describeRecord } from '../why/describe-record.ts'

/** What a request id may hold; nothing that means something to a log's filter. */
const REQUEST_ID = /^[\w=-]{1,128}$/

/** Tells why a past request was answered as it was; exit code 1 where there is no record of it. */
export async function tellWhy(
  requestId: string,
  { source, json }: { readonly source: AuditSource; readonly json: boolean },
  { out, err }: CommandIo,
): Promise<ExitCode> {
  if (!REQUEST_ID.test(requestId)) {
    err('thingpass: a request id is what the answer carries as x-amzn-requestid\n')
    return 2
  }
  const found = await source(requestId)
  if ('problem' in found) {
    err(`thingpass: ${found.problem}\n`)
    return 2
  }
  if (found.record === undefined) {
    err(`thingpass: there is no record of request ${requestId}\n`)
    return 1
  }
  out(json ? `${JSON.stringify(found.record)}\n` : describeRecord(found.record))
  return 0
}
