import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { EXTENSION, makeCertificate, nameDer } from '@thingpass/x509/make-certificate'
import { pemOfDer } from '@thingpass/x509/pem'

/** A certificate authority of a tenant of the fleet; its key never leaves the process. */
export type FleetCa = {
  readonly certificatePem: string
  readonly issue: (device: {
    readonly commonName: string
    readonly notAfter: Date
  }) => Promise<{ readonly certificatePem: string; readonly privateKeyPem: string }>
}

const DAY_MS = 86_400_000
const CA_DAYS = 3650
const BACKDATING_MS = 5 * 60_000
const SERIAL_OCTETS = 16

/** Makes a CA (P-256) for one tenant: name and key are new each time, for a CA belongs to one tenant of a deployment. */
export async function createFleetCa(tenantId: string, now: Date): Promise<FleetCa> {
  const ca = makeKeys()
  const subject = nameDer([
    ['O', 'Thingpass load'],
    ['OU', tenantId],
    ['CN', `Load CA ${randomBytes(8).toString('hex')}`],
  ])
  const notBefore = new Date(now.getTime() - BACKDATING_MS)
  const signer = async (data: Uint8Array) => sign('sha256', data, ca.privateKey)
  const certificate = await makeCertificate(
    {
      ...{ serialNumber: serialNumber(), issuer: subject, subject, publicKey: ca.publicKey },
      ...{ notBefore, notAfter: new Date(now.getTime() + CA_DAYS * DAY_MS) },
      extensions: [
        EXTENSION.basicConstraints({ pathLength: 0 }),
        EXTENSION.keyUsage('keyCertSign and cRLSign'),
        EXTENSION.subjectKeyId(ca.publicKey),
      ],
    },
    signer,
  )
  return {
    certificatePem: pemOfDer(certificate),
    issue: async ({ commonName, notAfter }) => {
      const { publicKey, privateKey } = makeKeys()
      const der = await makeCertificate(
        {
          ...{ serialNumber: serialNumber(), issuer: subject, publicKey, notBefore, notAfter },
          subject: nameDer([['CN', commonName]]),
          extensions: [
            EXTENSION.basicConstraints(false),
            EXTENSION.keyUsage('digitalSignature'),
            EXTENSION.clientAuthentication(),
            EXTENSION.subjectKeyId(publicKey),
            EXTENSION.authorityKeyId(ca.publicKey),
          ],
        },
        signer,
      )
      const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      return { certificatePem: pemOfDer(der), privateKeyPem }
    },
  }
}

function makeKeys(): { readonly publicKey: Buffer; readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { publicKey: publicKey.export({ type: 'spki', format: 'der' }), privateKey }
}

/** Positive, and in its shortest form. Source: RFC 5280 §4.1.2.2. */
function serialNumber(): Buffer {
  return Buffer.concat([Buffer.from([0x40]), randomBytes(SERIAL_OCTETS - 1)])
}
