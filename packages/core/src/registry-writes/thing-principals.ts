import type { CertificateId, TenantId, ThingName } from '../names.ts'
import type { Changed, Outcome } from './outcome.ts'

/** Which certificate and which thing. */
export type AttachmentInput = {
  readonly tenantId: TenantId
  readonly certificateId: CertificateId
  readonly thingName: ThingName
}

/** Attachments of certificates to things. */
export type ThingPrincipalWrites = {
  /**
   * An exclusive attachment is its certificate's only one. It is not turned into a plain one by attaching again, as a
   * script that forgot the type would: detach first.
   */
  readonly attachThing: (
    input: AttachmentInput & { readonly exclusive: boolean },
  ) => Promise<
    Outcome<
      | 'certificate-unknown'
      | 'thing-unknown'
      | 'certificate-exclusive'
      | 'certificate-has-other-things',
      Changed
    >
  >
  readonly detachThing: (
    input: AttachmentInput,
  ) => Promise<Outcome<'certificate-unknown' | 'thing-unknown', Changed>>
}
