import type { CaCertificateId, TenantId } from '../names.ts'
import type { CaRecord } from '../records.ts'
import type { Changed, Dates, Outcome } from './outcome.ts'

/** Which CA of which tenant. */
export type CaIdentity = { readonly tenantId: TenantId; readonly caCertificateId: CaCertificateId }

/** What is stored of a CA beside its record. */
export type CaSettings = {
  readonly certificateMode: 'DEFAULT' | 'SNI_ONLY'
  readonly autoRegistration: boolean
}

/** A CA's record, settings and dates. */
export type CaDescription = Dates &
  CaSettings & { readonly record: CaRecord; readonly pem?: string }

/** A CA to register. The caller has parsed the certificate and seen the proof of possession. */
export type NewCa = CaSettings & {
  readonly record: CaRecord
  /** SHA-256 of the SubjectPublicKeyInfo DER, lower-case hex. */
  readonly publicKeySha256: string
  /** SHA-256 of the subject name's DER, lower-case hex. */
  readonly subjectSha256: string
  readonly pem?: string
}

/** At most this many CAs of one tenant share a subject name. Source: AWS IoT RegisterCACertificate. */
export const MAX_CAS_OF_ONE_SUBJECT = 10

/** Changes of a tenant's CAs. Key and subject name of a CA belong to one tenant of the deployment. */
export type CaWrites = {
  readonly registerCa: (
    input: NewCa,
  ) => Promise<Outcome<'ca-exists' | 'ca-of-other-tenant' | 'too-many-cas-of-subject'>>
  readonly getCa: (identity: CaIdentity) => Promise<CaDescription | undefined>
  readonly updateCa: (
    input: CaIdentity & {
      readonly status?: CaRecord['status']
      readonly autoRegistration?: boolean
    },
  ) => Promise<Outcome<'ca-unknown', Changed>>
  readonly deleteCa: (identity: CaIdentity) => Promise<Outcome<'ca-unknown' | 'ca-active'>>
}
