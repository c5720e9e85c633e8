import type { DeviceCertificate } from '@thingpass/core/certificate-facts'
import type { CertificateId } from '@thingpass/core/names'
import type { CertificateRefusal } from '@thingpass/core/refusal'
import { type Refused, refuse } from './api-error.ts'
import type { OperationContext } from './operation.ts'
import { unknownCertificate } from './operations/certificates.ts'

/** A certificate of the tenant as its registration holds it: parsed, or the reason why the data plane would refuse it. */
export type StoredCertificate =
  | { readonly ok: true; readonly identified: Identified }
  | Refused<'ResourceNotFoundException' | 'InvalidRequestException'>

type Identified =
  | { readonly ok: true; readonly certificate: DeviceCertificate }
  | { readonly ok: false; readonly reason: CertificateRefusal }

/** Reads what a device would present, from the registry: the device itself need not be there. */
export async function readStoredCertificate(
  certificateId: CertificateId,
  { registry, tenant, ports }: OperationContext,
): Promise<StoredCertificate> {
  const found = await registry.getCertificate({ tenantId: tenant.tenantId, certificateId })
  if (found === undefined) return unknownCertificate(certificateId)
  const { pem } = found
  if (pem === undefined) {
    const message = `The certificate was registered without its PEM (id=${certificateId})`
    return refuse('InvalidRequestException', message)
  }
  return { ok: true, identified: ports.identifyCertificate(pem) }
}
