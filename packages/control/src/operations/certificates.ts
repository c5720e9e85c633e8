import type { CertificateId } from '@thingpass/core/names'
import type { CertificateStatus } from '@thingpass/core/records'
import type { CertificateDescription } from '@thingpass/core/registry-writes/certificates'
import { refuse, succeed } from '../api-error.ts'
import { CERTIFICATE_STATUS } from '../certificate-fields.ts'
import { CERTIFICATE_ID } from '../fields.ts'
import { label, needed, query } from '../members.ts'
import { defineOperation, type OperationContext } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { flag } from '../shape.ts'

const describeCertificate = defineOperation({
  name: 'DescribeCertificate',
  method: 'GET',
  path: '/certificates/{certificateId}',
  input: { certificateId: label(CERTIFICATE_ID) },
  errors: ['ResourceNotFoundException'],
  run: async ({ certificateId }, context) => {
    const { registry, tenant } = context
    const found = await registry.getCertificate({ tenantId: tenant.tenantId, certificateId })
    if (found === undefined) return unknownCertificate(certificateId)
    return succeed({ certificateDescription: describe(found, context) })
  },
})

/** The statuses that a caller may set; the others are AWS's own, or deprecated. */
const SETTABLE: readonly CertificateStatus[] = ['ACTIVE', 'INACTIVE', 'REVOKED']

const updateCertificate = defineOperation({
  name: 'UpdateCertificate',
  method: 'PUT',
  path: '/certificates/{certificateId}',
  input: { certificateId: label(CERTIFICATE_ID), newStatus: needed(query(CERTIFICATE_STATUS)) },
  errors: ['ResourceNotFoundException', 'CertificateStateException'],
  run: async ({ certificateId, newStatus: status }, { registry, tenant }) => {
    if (!SETTABLE.includes(status)) {
      const message = `A certificate cannot be set to ${status}. Id: ${certificateId}`
      return refuse('CertificateStateException', message)
    }
    const { tenantId } = tenant
    const outcome = await registry.updateCertificateStatus({ tenantId, certificateId, status })
    return outcome.ok ? succeed() : unknownCertificate(certificateId)
  },
})

const deleteCertificate = defineOperation({
  name: 'DeleteCertificate',
  method: 'DELETE',
  path: '/certificates/{certificateId}',
  input: { certificateId: label(CERTIFICATE_ID), forceDelete: query(flag()) },
  errors: ['ResourceNotFoundException', 'DeleteConflictException', 'CertificateStateException'],
  run: async ({ certificateId, forceDelete: force = false }, { registry, arns, tenant }) => {
    const { tenantId } = tenant
    const outcome = await registry.deleteCertificate({ tenantId, certificateId, force })
    if (outcome.ok) return succeed()
    const arn = arns.format({ kind: 'certificate', certificateId })
    switch (outcome.conflict) {
      case 'certificate-unknown':
        return unknownCertificate(certificateId)
      case 'certificate-active':
        return refuse(
          'CertificateStateException',
          `Certificate must be deactivated (not ACTIVE) before deletion. Id: ${certificateId}`,
        )
      case 'things-attached':
        return refuse(
          'DeleteConflictException',
          `Things must be detached before deletion (arn: ${arn})`,
        )
      case 'policies-attached':
        return refuse(
          'DeleteConflictException',
          `Certificate policies must be detached before deletion (arn: ${arn})`,
        )
    }
  },
})

/** Device certificates. */
export const CERTIFICATE_OPERATIONS = [describeCertificate, updateCertificate, deleteCertificate]

/** The certificate is not there, or is another tenant's. */
export function unknownCertificate(certificateId: CertificateId) {
  return refuse('ResourceNotFoundException', `The certificate does not exist (id=${certificateId})`)
}

function describe(found: CertificateDescription, { arns, ports }: OperationContext): object {
  const { record, pem, certificateMode, version, createdAt, modifiedAt } = found
  const { certificateId, registration } = record
  return {
    certificateArn: arns.format({ kind: 'certificate', certificateId }),
    certificateId,
    caCertificateId: registration.kind === 'ca' ? registration.caCertificateId : undefined,
    status: record.status,
    certificatePem: pem,
    ownedBy: ports.settings.deployment.accountId,
    creationDate: epochSeconds(createdAt),
    lastModifiedDate: epochSeconds(modifiedAt),
    customerVersion: version,
    generationId: record.registrationId,
    validity: validityOf(pem, ports),
    certificateMode,
  }
}

/** Read from the certificate itself; absent where it was registered without its PEM. */
function validityOf(
  pem: string | undefined,
  { identifyCertificate }: OperationContext['ports'],
): object | undefined {
  const identified = pem === undefined ? undefined : identifyCertificate(pem)
  if (identified?.ok !== true) return undefined
  const { notBefore, notAfter } = identified.certificate.facts
  return { notBefore: epochSeconds(notBefore), notAfter: epochSeconds(notAfter) }
}
