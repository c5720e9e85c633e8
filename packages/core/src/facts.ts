import type { CertificateId, RoleAlias, ThingGroupName, ThingName } from './names.ts'
import type { PolicyDocument } from './policy/document.ts'
import type {
  CaRecord,
  CertificateRecord,
  PolicyIdentity,
  RoleAliasRecord,
  TenantRecord,
  ThingRecord,
} from './records.ts'
import type { RevocationFacts } from './revocation.ts'
import type { SessionTemplate } from './session/template.ts'

/** An IoT policy that applies to the device. */
export type AttachedPolicy = PolicyIdentity & {
  /** `thing-group` policies count only when a thing was resolved. */
  readonly attachedTo:
    | { readonly kind: 'certificate' }
    | { readonly kind: 'thing-group'; readonly groupName: ThingGroupName }
  /** Absent when the stored text cannot be read as a policy: that denies. */
  readonly document: PolicyDocument | undefined
}

/** A session policy attached to the role alias. */
export type AttachedSessionPolicy = PolicyIdentity & {
  /** Absent when the stored text cannot be read as a template: that denies. */
  readonly template: SessionTemplate | undefined
}

/** What the registry says about one request. Absent = not there; whatever could not be read is a Fault instead. */
export type RegistryFacts = {
  readonly certificate?: CertificateRecord
  readonly tenant?: TenantRecord
  /** The CA that the certificate's record names. */
  readonly ca?: CaRecord
  /** What the revocation list of that CA's key says of the certificate; absent where the key never had one. */
  readonly revocation?: RevocationFacts
  /** The thing of the header; without header, the exclusive thing where the tenant's `defaultThing` says so. */
  readonly thing?: { readonly record: ThingRecord; readonly attached: boolean }
  readonly policies: readonly AttachedPolicy[]
  readonly alias?: RoleAliasRecord
  readonly sessionPolicies: readonly AttachedSessionPolicy[]
}

/** Everything `decide()` judges by, beside the request itself. */
export type Facts = RegistryFacts & {
  /** Whether the CA's key made the certificate's signature; false where there is no CA. */
  readonly signedByCa: boolean
  /** Whether the tenant's budget had room for this request. */
  readonly withinBudget: boolean
}

/** What to read. The hint says who may have issued the certificate; it speeds reading up and is never trusted. */
export type FactsQuery = {
  readonly certificateId: CertificateId
  readonly issuerHint: string
  /** As in `CertificateFacts`: what revocation lists name the certificate by. */
  readonly serialNumber: string
  readonly thingName?: ThingName
  readonly roleAlias?: RoleAlias
  /** When the whole answer is due; no read goes on past it. */
  readonly deadline: Date
}
