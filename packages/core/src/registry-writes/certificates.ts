import type { CertificateId, TenantId } from '../names.ts'
import type { CertificateRecord, CertificateStatus, Registration } from '../records.ts'
import type { CaIdentity, CaSettings } from './cas.ts'
import type { Changed, Dates, Outcome } from './outcome.ts'
import type { PageInput, PageOf } from './page.ts'

/** Which certificate, as the tenant that owns it names it; to any other tenant it is unknown. */
export type CertificateIdentity = {
  readonly tenantId: TenantId
  readonly certificateId: CertificateId
}

/** A certificate's record and dates. Lists leave the PEM out. */
export type CertificateDescription = Dates & {
  readonly record: CertificateRecord
  /** Its CA's when it was registered; SNI_ONLY without CA. Source: AWS IoT API model (CertificateMode). */
  readonly certificateMode: CaSettings['certificateMode']
  /** 1 when it is registered; one more with each change of its status. */
  readonly version: number
  readonly pem?: string
}

/** Changes of a tenant's device certificates. */
export type CertificateWrites = {
  /** The caller has parsed the certificate and seen the CA's signature, or that the tenant may register without CA. */
  readonly registerCertificate: (
    input: CertificateIdentity & {
      readonly registration: Registration
      readonly status: CertificateStatus
      readonly pem?: string
      /** What the revocation list of its CA is searched for. */
      readonly serialNumber?: string
    },
  ) => Promise<
    Outcome<
      | 'certificate-exists'
      | 'certificate-of-other-tenant'
      | 'ca-unknown'
      | 'ca-inactive'
      | 'certificate-revoked-by-ca',
      { registrationId: string }
    >
  >
  readonly getCertificate: (
    identity: CertificateIdentity,
  ) => Promise<CertificateDescription | undefined>
  /** In order of their ids; a change may show a moment late. */
  readonly listCertificates: (
    input: PageInput<CertificateId> & { readonly tenantId: TenantId },
  ) => Promise<PageOf<CertificateDescription>>
  /** Those registered under one CA, in order of their ids; none for a CA that is not there. */
  readonly listCertificatesOfCa: (
    input: PageInput<CertificateId> & CaIdentity,
  ) => Promise<PageOf<CertificateDescription>>
  readonly updateCertificateStatus: (
    input: CertificateIdentity & { readonly status: CertificateStatus },
  ) => Promise<Outcome<'certificate-unknown', Changed>>
  /** `force` takes the policy attachments with it; things are detached first, always. */
  readonly deleteCertificate: (
    input: CertificateIdentity & { readonly force?: boolean },
  ) => Promise<
    Outcome<'certificate-unknown' | 'certificate-active' | 'things-attached' | 'policies-attached'>
  >
}
