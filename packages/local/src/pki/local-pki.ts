import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import {
  type Identity,
  issueCa,
  issueDeviceCertificate,
  issueServerCertificate,
} from './issue-certificate.ts'
import { keepIdentity } from './keep-identity.ts'

/** Names and addresses that the local gateway answers to. */
export const LOCAL_HOST_NAMES = ['localhost', '127.0.0.1', '::1'] as const

const DAY_MS = 24 * 60 * 60 * 1000
const CA_DAYS = 3650
const DEVICE_DAYS = 3640
const SERVER_DAYS = 90
/** A server certificate is made anew when it has less than this left. */
const SERVER_RENEWAL_DAYS = 30
const DEVICE_RENEWAL_DAYS = 7

/** Where in a data directory the pieces lie that a user needs. */
export const PKI_FILES = {
  serverCa: (dataDir: string) => join(dataDir, 'server', 'ca.pem'),
  deviceCertificate: (dataDir: string, thingName: string) =>
    join(dataDir, 'devices', thingName, 'certificate.pem'),
  devicePrivateKey: (dataDir: string, thingName: string) =>
    join(dataDir, 'devices', thingName, 'private.key'),
} as const

/**
 * The gateway's identity and the CA that devices must trust to reach it: kept in `server/`, renewed before it runs out under
 * the same CA, so devices notice nothing.
 */
export async function keepServerIdentity(
  dataDir: string,
  now: Date,
): Promise<{ readonly server: Identity; readonly caPem: string }> {
  const ca = await keepIdentity(
    { certificate: PKI_FILES.serverCa(dataDir), privateKey: join(dataDir, 'server', 'ca.key') },
    (certificate) => hasDaysLeft(certificate, now, SERVER_DAYS),
    () => issueCa({ commonName: 'Thingpass local server CA', now, validDays: CA_DAYS }),
  )
  const server = await keepIdentity(
    {
      certificate: join(dataDir, 'server', 'certificate.pem'),
      privateKey: join(dataDir, 'server', 'private.key'),
    },
    (certificate) => hasDaysLeft(certificate, now, SERVER_RENEWAL_DAYS) && isBy(ca, certificate),
    () =>
      issueServerCertificate(ca, {
        commonName: 'localhost',
        now,
        validDays: SERVER_DAYS,
        dnsNames: LOCAL_HOST_NAMES.slice(0, 1),
        addresses: LOCAL_HOST_NAMES.slice(1),
      }),
  )
  return { server, caPem: ca.certificatePem }
}

/** A demo tenant's device CA, kept in `cas/<tenant>/`. */
export function keepDeviceCa(dataDir: string, tenantId: string, now: Date): Promise<Identity> {
  const folder = join(dataDir, 'cas', tenantId)
  return keepIdentity(
    { certificate: join(folder, 'certificate.pem'), privateKey: join(folder, 'private.key') },
    (certificate) => hasDaysLeft(certificate, now, 0),
    () =>
      issueCa({
        commonName: `Thingpass demo device CA ${tenantId}`,
        organization: tenantId,
        now,
        validDays: CA_DAYS,
      }),
  )
}

/** A demo device's identity, kept in `devices/<thing>/`; its common name is the thing's name. */
export function keepDeviceIdentity(
  dataDir: string,
  device: { readonly thingName: string; readonly organization: string; readonly ca: Identity },
  now: Date,
): Promise<Identity> {
  return keepIdentity(
    {
      certificate: PKI_FILES.deviceCertificate(dataDir, device.thingName),
      privateKey: PKI_FILES.devicePrivateKey(dataDir, device.thingName),
    },
    (certificate) =>
      hasDaysLeft(certificate, now, DEVICE_RENEWAL_DAYS) && isBy(device.ca, certificate),
    () =>
      issueDeviceCertificate(device.ca, {
        commonName: device.thingName,
        organization: device.organization,
        now,
        validDays: DEVICE_DAYS,
      }),
  )
}

function hasDaysLeft(certificate: X509Certificate, now: Date, days: number): boolean {
  return now.getTime() + days * DAY_MS < certificate.validToDate.getTime()
}

function isBy(ca: Identity, certificate: X509Certificate): boolean {
  return certificate.verify(new X509Certificate(ca.certificatePem).publicKey)
}
