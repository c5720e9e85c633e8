import type { CertificateFacts } from './certificate-facts.ts'
import type { Facts } from './facts.ts'
import type { CertificateRecord, TenantRecord } from './records.ts'
import type { CertificateRefusal } from './refusal.ts'
import { judgeRevocation } from './revocation.ts'

/** The shortest session that STS gives, in seconds; a certificate that ends sooner gets none. Source: STS API, AssumeRole. */
export const SHORTEST_SESSION_SECONDS = 900

/**
 * Seconds kept between the end of a session and that of the certificate: STS counts from its own clock, and from when the request
 * has reached it.
 */
const EXPIRY_MARGIN_SECONDS = 10

/** id-kp-clientAuth. Source: RFC 5280 §4.2.1.12. */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2'

/** The verdict on a certificate: who it is, in which tenant, and for how long it lives. */
export type Authentication =
  | {
      readonly allow: true
      readonly certificate: CertificateRecord
      readonly tenant: TenantRecord
      /** Whole seconds that a session may last, at least 900: until shortly before the certificate expires. */
      readonly remainingSeconds: number
    }
  | { readonly allow: false; readonly reason: CertificateRefusal }

/** What `authenticate` judges by. */
export type AuthenticationFacts = Pick<
  Facts,
  'certificate' | 'tenant' | 'ca' | 'signedByCa' | 'revocation'
>

/**
 * Decides whether a certificate identifies a device of this deployment. Pure. The credentials route and the API
 * authorizer both begin with it.
 */
export function authenticate(
  presented: CertificateFacts,
  facts: AuthenticationFacts,
  now: Date,
): Authentication {
  const { certificate, tenant } = facts
  if (!usableByClients(presented)) return refuse('certificate-usage-unfit')
  if (certificate?.certificateId !== presented.certificateId) return refuse('certificate-unknown')
  if (tenant?.tenantId !== certificate.tenantId) return refuse('tenant-unknown')
  if (tenant.status !== 'ENABLED') return refuse('tenant-disabled')
  if (certificate.status !== 'ACTIVE') return refuse('certificate-not-active')
  const distrust = distrustOf({ presented, certificate, tenant }, facts, now)
  if (distrust !== undefined) return refuse(distrust)
  const live = presented.notBefore <= now && now < presented.notAfter // an invalid date refuses
  if (!live) return refuse('certificate-not-valid-now')
  const left = Math.floor((presented.notAfter.getTime() - now.getTime()) / 1000)
  const remainingSeconds = left - EXPIRY_MARGIN_SECONDS
  return remainingSeconds >= SHORTEST_SESSION_SECONDS
    ? { allow: true, certificate, tenant, remainingSeconds }
    : refuse('certificate-expires-too-soon')
}

function refuse(reason: CertificateRefusal): Authentication {
  return { allow: false, reason }
}

/** No extended key usage leaves the usage open; a present one must name client authentication. */
function usableByClients(presented: CertificateFacts): boolean {
  const usages = presented.extendedKeyUsage
  return usages === undefined || usages.includes(CLIENT_AUTHENTICATION)
}

type Claimant = {
  readonly presented: CertificateFacts
  readonly certificate: CertificateRecord
  readonly tenant: TenantRecord
}

/**
 * Why the registration does not make the certificate trusted. Trust rests on the key of the CA that the record names;
 * its expiry plays no part, as for any trust anchor (RFC 5280 §6.1.1 (d): an anchor is a name and a key).
 */
function distrustOf(
  { presented, certificate, tenant }: Claimant,
  facts: AuthenticationFacts,
  now: Date,
): CertificateRefusal | undefined {
  const { registration } = certificate
  if (registration.kind === 'without-ca') return distrustWithoutCa(tenant)
  const { ca } = facts
  const named =
    ca?.caCertificateId === registration.caCertificateId && ca.tenantId === certificate.tenantId
  if (!named) return 'ca-unknown'
  const accepted = ca.status === 'ACTIVE' || !tenant.inactiveCaRefusesDevices
  if (!accepted) return 'ca-not-active'
  if (!facts.signedByCa) return 'certificate-not-signed-by-ca'
  return judgeRevocation({ presented, ca, tenant, revocation: facts.revocation }, now)
}

/** No revocation list can speak of a certificate without a CA: where the tenant requires lists, there is none for it. */
function distrustWithoutCa(tenant: TenantRecord): CertificateRefusal | undefined {
  if (!tenant.certificatesWithoutCa) return 'certificate-without-ca'
  return tenant.revocationListRequired ? 'revocation-list-missing' : undefined
}
