import { X509Certificate } from 'node:crypto'
import {
  type CertificateStatus,
  RegisterCertificateCommand,
  RegisterCertificateWithoutCACommand,
} from '@aws-sdk/client-iot'
import type { OpenDestination } from './destination.ts'
import type { Finding } from './finding.ts'
import { gather } from './fleet-reader.ts'
import type { RecordOf } from './fleet-record.ts'
import type { IotSource } from './iot-source.ts'
import type { Journal } from './journal.ts'
import { listCas, listCertificates, readCa } from './read-certificates.ts'

/**
 * Registers certificates: under their CA where it is registered here, and so are those that AWS has without CA, for one that a registered CA
 * has signed is taken under it only; all others without CA, which the tenant must allow. One that is
 * registered already keeps the status that it has here: it may have been revoked here.
 */
export function openCertificates(
  target: IotSource,
  journal: Pick<Journal, 'find'>,
): OpenDestination {
  return async () => {
    const ids = await gather((marker) => listCertificates(target, marker))
    const known = new Set(ids)
    const caPems = await readCaPems(target)
    // In a dry run a CA that is going to be copied is not there yet.
    const hasCa = ({ caId = '', pem }: RecordOf<'certificate'>) => {
      const copied = journal.find('cas', caId)?.outcome ?? 'failed'
      const isHere = caPems.has(caId) || copied === 'created' || copied === 'already'
      return isHere || signerOf(pem, caPems) !== undefined
    }
    return {
      known,
      findings: (record) => withoutCa(record as RecordOf<'certificate'>, hasCa),
      write: async (record) => {
        const certificate = record as RecordOf<'certificate'>
        if (known.has(certificate.id)) return 'already'
        const caPem = caPems.get(certificate.caId ?? '') ?? signerOf(certificate.pem, caPems)
        await register(target, certificate, caPem)
        return 'created'
      },
    }
  }
}

/** A certificate that was under a CA, or issued by AWS, and is registered without one here. */
function withoutCa(
  certificate: RecordOf<'certificate'>,
  hasCa: (certificate: RecordOf<'certificate'>) => boolean,
): readonly Finding[] {
  if (hasCa(certificate)) return []
  const { id: name, caId } = certificate
  const why =
    caId === undefined ? 'it has no registered CA on AWS' : 'its CA is not registered here'
  const reason = `registered without CA, which the tenant must allow: ${why}`
  return [{ kind: 'differs', collection: 'certificates', name, reason }]
}

/** The PEM of the CA here that has signed a certificate. */
function signerOf(pem: string, caPems: ReadonlyMap<string, string>): string | undefined {
  return [...caPems.values()].find((caPem) => {
    try {
      const [certificate, ca] = [new X509Certificate(pem), new X509Certificate(caPem)]
      // The names first: signatures take long, and most CAs have another name.
      return certificate.issuer === ca.subject && certificate.verify(ca.publicKey)
    } catch {
      return false // what cannot be read is for the control plane to refuse
    }
  })
}

async function readCaPems(target: IotSource): Promise<ReadonlyMap<string, string>> {
  const ids = await gather((marker) => listCas(target, marker))
  const cas = await Promise.all(ids.map((id) => readCa(target, id)))
  return new Map(cas.map(({ id, pem }) => [id, pem]))
}

function register(
  { client, call }: IotSource,
  { pem: certificatePem, status: given }: RecordOf<'certificate'>,
  caCertificatePem: string | undefined,
) {
  const status = given as CertificateStatus
  if (caCertificatePem === undefined) {
    const command = new RegisterCertificateWithoutCACommand({ certificatePem, status })
    return call(() => client.send(command))
  }
  // Two CAs may have one name; the PEM says which is meant.
  const command = new RegisterCertificateCommand({ certificatePem, caCertificatePem, status })
  return call(() => client.send(command))
}
