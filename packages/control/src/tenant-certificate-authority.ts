import { Fault } from '@thingpass/core/fault'
import type { TenantId } from '@thingpass/core/names'
import type { CaDescription } from '@thingpass/core/registry-writes/cas'
import { type Refused, refuse } from './api-error.ts'
import type { CertificateRequest } from './certificate-ports.ts'
import type { OperationContext } from './operation.ts'
import { newCaOf } from './register-ca.ts'
import { type CertificateNames, registerCertificate } from './register-certificate.ts'

/** A certificate that was made and registered, or why it was not. */
export type Creation =
  | { readonly ok: true; readonly names: CertificateNames; readonly certificatePem: string }
  | Refused<'InvalidRequestException'>

/** Makes a certificate under the tenant's own CA, which is made on first use, and registers it. */
export async function signWithTenantCa(
  input: { readonly request: CertificateRequest; readonly setAsActive: boolean },
  context: OperationContext,
): Promise<Creation> {
  const { tenant, ports } = context
  const { tenantId } = tenant
  const ca = await keepOwnCa(context)
  if (ca === undefined) return signsNothing(tenantId)
  if (ca.record.status !== 'ACTIVE') {
    return refuse(
      'InvalidRequestException',
      'The CA certificate that signs for the tenant is not active',
    )
  }
  const { certificates } = ports
  const pem = await certificates.authority.issue(tenantId, pemOf(ca), input.request)
  if (pem === undefined) return signsNothing(tenantId)
  const parsed = certificates.parseCertificate(pem)
  if (!parsed.ok)
    throw new Fault('UNEXPECTED', `a certificate of ours is refused: ${parsed.reason}`)
  const registered = await registerCertificate(
    {
      certificate: parsed.certificate,
      registration: { kind: 'ca', caCertificateId: ca.record.caCertificateId },
      status: input.setAsActive ? 'ACTIVE' : 'INACTIVE',
    },
    context,
  )
  return registered.ok
    ? { ...registered, certificatePem: pem }
    : refuse('InvalidRequestException', registered.error.message) // the CA was changed meanwhile
}

/** The tenant's own CA. Of many that need it first at the same time, one registers it, and the others take that one. */
async function keepOwnCa({
  registry,
  tenant,
  ports,
}: OperationContext): Promise<CaDescription | undefined> {
  const { tenantId } = tenant
  const kept = await registry.getOwnCa(tenantId)
  if (kept !== undefined) return kept
  const { parseCa, authority } = ports.certificates
  const pem = await authority.makeCaCertificate(tenantId)
  if (pem === undefined) return undefined
  const parsed = parseCa(pem)
  if (!parsed.ok)
    throw new Fault('UNEXPECTED', `a CA certificate of ours is refused: ${parsed.reason}`)
  const settings = {
    status: 'ACTIVE',
    certificateMode: 'DEFAULT',
    autoRegistration: false,
  } as const
  const outcome = await registry.registerCa({
    ...newCaOf(tenantId, parsed.ca, settings),
    own: true,
  })
  if (!outcome.ok && outcome.conflict !== 'own-ca-exists')
    throw unusable(tenantId, outcome.conflict)
  const made = await registry.getOwnCa(tenantId)
  if (made === undefined) throw unusable(tenantId, 'deleted meanwhile')
  return made
}

/** Which tenants there are keys for, the deployment says. */
function signsNothing(tenantId: TenantId) {
  const message = `This deployment signs no certificates for tenant ${tenantId}`
  return refuse('InvalidRequestException', message)
}

function unusable(tenantId: TenantId, why: string): Fault {
  return new Fault('REGISTRY_INCONSISTENT', `own CA of ${tenantId}: ${why}`)
}

function pemOf({ pem, record }: CaDescription): string {
  if (pem !== undefined) return pem
  throw new Fault('REGISTRY_INCONSISTENT', `own CA ${record.caCertificateId} has no PEM`)
}
