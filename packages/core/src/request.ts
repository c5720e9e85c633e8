import type { CertificateFacts } from './certificate-facts.ts'
import type { AccountId, Region, RoleAlias, ThingName } from './names.ts'

/** The thing header as it came: absent, one valid name, or anything else (empty, repeated, comma-joined, out of grammar). */
export type ThingHeader =
  | { readonly kind: 'absent' }
  | { readonly kind: 'named'; readonly thingName: ThingName }
  | { readonly kind: 'malformed' }

/** One request for credentials, after the front door's adapter: every name is parsed, every path decoded once. */
export type CredentialRequest = {
  readonly certificate: CertificateFacts
  readonly thingHeader: ThingHeader
  /** Absent when what stood in the path is outside the grammar. */
  readonly roleAlias: RoleAlias | undefined
  /** Host that the device connected to, lower-case, without port. */
  readonly hostName: string
  /** Textual IPv4 or IPv6 address. */
  readonly sourceIp: string
}

/** Where this deployment lives; its ARNs carry these. */
export type Deployment = {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string
  readonly region: Region
  readonly accountId: AccountId
}

/** What a decision needs beside request and facts. */
export type Circumstances = {
  readonly now: Date
  readonly deployment: Deployment
  /** The longest session that the issuer can give: 3600 for AssumeRole from a role (chaining), else 43200. */
  readonly longestSessionSeconds: number
}
