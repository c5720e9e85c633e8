import type { CaCertificateId, TenantId } from '../names.ts'
import type { CaRecord } from '../records.ts'
import type { Changed, Dates, Outcome } from './outcome.ts'
import type { PageInput, PageOf } from './page.ts'
import type { RegistrationCodeWrites } from './registration-codes.ts'
import type { Tags } from './tags.ts'

/** Which CA of which tenant. */
export type CaIdentity = { readonly tenantId: TenantId; readonly caCertificateId: CaCertificateId }

/** What is stored of a CA beside its record. */
export type CaSettings = {
  readonly certificateMode: 'DEFAULT' | 'SNI_ONLY'
  readonly autoRegistration: boolean
}

/** A CA's record, settings and dates. Lists leave the PEM out. */
export type CaDescription = Dates &
  CaSettings & {
    readonly record: CaRecord
    /** Made anew with each registration. */
    readonly generationId: string
    /** 1 when it is registered; one more with each change. */
    readonly version: number
    readonly pem?: string
  }

/** A CA to register. The caller has parsed the certificate and seen the proof of possession. */
export type NewCa = CaSettings & {
  readonly record: Omit<CaRecord, 'revocationListKey'>
  /** SHA-256 of the SubjectPublicKeyInfo DER, lower-case hex. */
  readonly publicKeySha256: string
  /** SHA-256 of the subject name's DER, lower-case hex. */
  readonly subjectSha256: string
  readonly pem?: string
  readonly tags?: Tags
  /** The CA that this service signs with for the tenant; a tenant has one at most. */
  readonly own?: true
}

/** At most this many CAs of one tenant share a subject name. Source: AWS IoT RegisterCACertificate. */
export const MAX_CAS_OF_ONE_SUBJECT = 10

/** Changes of a tenant's CAs. Key and subject name of a CA belong to one tenant of the deployment. */
export type CaWrites = RegistrationCodeWrites & {
  readonly registerCa: (
    input: NewCa,
  ) => Promise<
    Outcome<'ca-exists' | 'ca-of-other-tenant' | 'too-many-cas-of-subject' | 'own-ca-exists'>
  >
  readonly getCa: (identity: CaIdentity) => Promise<CaDescription | undefined>
  /** The CA that this service signs with for the tenant, once it has one. */
  readonly getOwnCa: (tenantId: TenantId) => Promise<CaDescription | undefined>
  /** In order of their ids; a change may show a moment late. */
  readonly listCas: (
    input: PageInput<CaCertificateId> & { readonly tenantId: TenantId },
  ) => Promise<PageOf<CaDescription>>
  /** All CAs of the deployment with this subject name, which are one tenant's: whose, is for the caller to compare. */
  readonly listCasOfSubject: (subjectSha256: string) => Promise<readonly CaDescription[]>
  readonly updateCa: (
    input: CaIdentity & {
      readonly status?: CaRecord['status']
      readonly autoRegistration?: boolean
    },
  ) => Promise<Outcome<'ca-unknown', Changed>>
  readonly deleteCa: (identity: CaIdentity) => Promise<Outcome<'ca-unknown' | 'ca-active'>>
}
