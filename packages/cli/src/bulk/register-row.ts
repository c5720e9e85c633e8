import { dirname, resolve } from 'node:path'
import type { Failure } from '../api/option-readers.ts'
import type { SendApi } from '../api/send-api.ts'
import type { UsageProblem } from '../command-io.ts'
import { openRequest, writeDeviceFile } from '../device/device-files.ts'
import { type CertificateSource, isDone, registerDevice } from '../device/register-device.ts'
import { readTextFile } from '../read-text-file.ts'
import type { DeviceRow } from './device-row.ts'

/** Makes the registration of rows; paths in them are taken from where the file lies. */
export function createRegisterRow(
  file: string,
  send: SendApi,
): (row: DeviceRow) => Promise<Failure | undefined> {
  const folder = dirname(file)
  return async ({ certificate, csr, ...device }) => {
    const source = await openSource({ certificate, csr }, folder)
    if (source !== undefined && 'problem' in source) return unreadable(source)
    const wanted = source === undefined ? device : { ...device, certificate: source }
    const outcome = await registerDevice(wanted, send)
    return isDone(outcome) ? undefined : outcome
  }
}

async function openSource(
  { certificate, csr }: Record<'certificate' | 'csr', string | undefined>,
  folder: string,
): Promise<CertificateSource | UsageProblem | undefined> {
  if (certificate !== undefined) {
    const read = await readTextFile(resolve(folder, certificate))
    return 'problem' in read ? read : { kind: 'pem', pem: read.text }
  }
  if (csr === undefined) return undefined
  const request = await openRequest(resolve(folder, csr))
  if ('problem' in request) return request
  const { certificateFile, ...kept } = request
  return { kind: 'csr', ...kept, keep: (pem) => writeDeviceFile(certificateFile, pem) }
}

/** A file that a row names is the row's affair: the import goes on. */
function unreadable({ problem: message }: UsageProblem): Failure {
  return { ok: false, error: { code: 'FileUnusable', message, status: 400 } }
}
