import { parseCertificateId } from '@thingpass/core/names'
import { listAll } from '../api/list-all.ts'
import type { Failure } from '../api/option-readers.ts'
import { reportFailure } from '../api/report-failure.ts'
import { memberAt } from '../api/resource-reference.ts'
import type { SendApi } from '../api/send-api.ts'
import type { CommandIo, ExitCode } from '../command-io.ts'
import { isDone } from '../device/register-device.ts'
import { formatTable } from '../table/format-table.ts'

/** What `device revoke` is told beside the device. */
export type DeviceRevokeOptions = { readonly inactive?: boolean; readonly json?: boolean }

/**
 * Takes a certificate, or every certificate of a thing, out of use, and says which; the next request of each is refused. One that
 * fails keeps none of the others. Exit code 1 where one failed, or there was none.
 */
export async function revokeDevice(
  device: string,
  options: DeviceRevokeOptions,
  { send, io }: { readonly send: SendApi; readonly io: CommandIo },
): Promise<ExitCode> {
  const found = await findCertificates(device, send)
  if (!isDone(found)) return reportFailure(found, io)
  const { certificateIds } = found
  if (certificateIds.length === 0) {
    io.err(`thingpass: nothing to revoke: ${device} has no certificate\n`)
    return 1
  }
  const rows: Row[] = []
  let exitCode: ExitCode = 0
  for (const certificateId of certificateIds) {
    const revoked = await takeOutOfUse(certificateId, options.inactive === true, send)
    if (isDone(revoked)) rows.push(revoked.row)
    else exitCode = Math.max(exitCode, reportFailure(revoked, io)) as ExitCode
  }
  io.out(options.json === true ? `${JSON.stringify(rows)}\n` : describe(rows))
  return exitCode
}

type Row = {
  readonly certificateId: string
  readonly before: unknown
  readonly status: 'INACTIVE' | 'REVOKED'
}

function describe(rows: readonly Row[]): string {
  const cells = rows.map(({ certificateId, before, status }) => [certificateId, before, status])
  return formatTable(['certificateId', 'before', 'status'], cells)
}

async function findCertificates(
  device: string,
  send: SendApi,
): Promise<{ readonly ok: true; readonly certificateIds: readonly string[] } | Failure> {
  const certificateId = parseCertificateId(device)
  if (certificateId !== undefined) return { ok: true, certificateIds: [certificateId] }
  const listed = await listAll(
    {
      call: { operation: 'ListThingPrincipalsV2' },
      input: { thingName: device },
      rows: 'thingPrincipalObjects',
      paging: 'token',
    },
    send,
  )
  if (!isDone(listed)) return listed
  const rows = memberAt(listed.json, 'thingPrincipalObjects')
  const certificateIds = (Array.isArray(rows) ? rows : []).flatMap((row: unknown) => {
    const [, id] = /:cert\/([0-9a-f]{64})$/.exec(String(memberAt(row, 'principal'))) ?? []
    return id === undefined ? [] : [id]
  })
  return { ok: true, certificateIds }
}

/** What is revoked stays so: INACTIVE would make it look as if it might come back. */
async function takeOutOfUse(
  certificateId: string,
  inactive: boolean,
  send: SendApi,
): Promise<{ readonly ok: true; readonly row: Row } | Failure> {
  const found = await send({ operation: 'DescribeCertificate', input: { certificateId } })
  if (!isDone(found)) return found
  const before = memberAt(found.json, 'certificateDescription.status')
  const status = inactive && before !== 'REVOKED' ? 'INACTIVE' : 'REVOKED'
  const input = { certificateId, newStatus: status }
  const updated = await send({ operation: 'UpdateCertificate', input })
  return isDone(updated) ? { ok: true, row: { certificateId, before, status } } : updated
}
