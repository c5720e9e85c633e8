import { randomBytes } from 'node:crypto'
import type { CertificatePorts } from '@thingpass/control/certificate-ports'
import type { ControlPorts } from '@thingpass/control/ports'
import type { Clock } from '@thingpass/core/ports'
import type { OpenTenantSigner } from '@thingpass/core/tenant-signer'
import { parseCaCertificate } from '@thingpass/x509/ca-certificate'
import { createCertificateAuthority } from '@thingpass/x509/certificate-authority'
import { parseCertificateRequest } from '@thingpass/x509/certificate-request'
import { makeKeyPair } from '@thingpass/x509/make-key-pair'
import { parseRegistrableCertificate } from '@thingpass/x509/registrable-certificate'
import { readRevocationList } from '@thingpass/x509/revocation-list-pem'

/** Makes what the control plane reads and makes certificates with, over the keys that sign for tenants. */
export function createCertificatePorts({
  openSigner,
  clock,
}: {
  readonly openSigner: OpenTenantSigner
  readonly clock: Clock
}): Pick<ControlPorts, 'certificates' | 'randomHex'> {
  const certificates: CertificatePorts = {
    parseCertificate: parseRegistrableCertificate,
    parseCa: parseCaCertificate,
    parseRequest: parseCertificateRequest,
    parseRevocationList: readRevocationList,
    authority: createCertificateAuthority({ openSigner, clock, randomBytes }),
    makeKeyPair,
  }
  return { certificates, randomHex: (octets) => randomBytes(octets).toString('hex') }
}
