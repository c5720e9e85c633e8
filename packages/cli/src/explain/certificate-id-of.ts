import { X509Certificate } from 'node:crypto'
import { type CertificateId, parseCertificateId } from '@thingpass/core/names'
import type { UsageProblem } from '../command-io.ts'
import { readTextFile } from '../read-text-file.ts'

/** Takes a certificate's id, in either case, or reads it off a PEM file: of the first certificate, which is the device's where a chain follows. */
export async function certificateIdOf(
  given: string,
): Promise<{ readonly certificateId: CertificateId } | UsageProblem> {
  const certificateId = parseCertificateId(given.toLowerCase())
  if (certificateId !== undefined) return { certificateId }
  const file = await readTextFile(given)
  if ('problem' in file) return { problem: `no certificate id, and ${file.problem}` }
  const read = idOfPem(file.text)
  return read === undefined ? { problem: `${given} is no certificate` } : { certificateId: read }
}

function idOfPem(text: string): CertificateId | undefined {
  try {
    const { fingerprint256 } = new X509Certificate(text)
    return parseCertificateId(fingerprint256.replaceAll(':', '').toLowerCase())
  } catch {
    return undefined // what OpenSSL says may quote the file
  }
}
