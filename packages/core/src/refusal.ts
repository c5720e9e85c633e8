/**
 * Why a request was refused: closed unions, kebab-case, never renamed, because audit records, metrics and dashboards
 * carry them. The caller learns none of this; what it learns stands in `answers.ts`.
 */

/** Refusals of the certificate, in the order of the checks. All of them read the same on the wire. */
export type CertificateRefusal =
  | 'certificate-missing'
  | 'certificate-malformed'
  | 'certificate-too-large'
  | 'certificate-key-unacceptable'
  | 'certificate-signature-unacceptable'
  | 'certificate-names-excessive'
  | 'certificate-usage-unfit'
  | 'certificate-unknown'
  | 'tenant-unknown'
  | 'tenant-disabled'
  | 'certificate-not-active'
  | 'certificate-not-valid-now'
  | 'certificate-expires-too-soon'
  | 'certificate-without-ca'
  | 'ca-unknown'
  | 'ca-not-active'
  | 'certificate-not-signed-by-ca'
  | 'certificate-revoked-by-ca'
  | 'revocation-list-expired'
  | 'revocation-list-missing'

/** Refusals of a device's IoT policies. */
export type PolicyRefusal = 'policy-unreadable' | 'policy-denies' | 'policy-does-not-allow'

/** Refusals that `decide()` makes after the certificate has been accepted, in the order of the checks. */
export type GrantRefusal =
  | 'tenant-over-budget'
  | 'thing-name-malformed'
  | 'thing-not-attached'
  | 'alias-malformed'
  | PolicyRefusal
  | 'alias-unknown'
  | 'thing-name-required'
  | 'role-outside-tenant'
  | 'duration-over-chaining-limit'

/** Refusals in which a scoped alias cannot be given its session policy, or tags; each is `Access Denied`. */
export type SessionRefusal =
  | 'session-policy-missing'
  | 'session-policy-unreadable'
  | 'session-value-missing'
  | 'session-value-unsafe'
  | 'session-policy-too-large'
  | 'session-policy-grants-nothing'
  | 'session-tag-not-allowed'
  | 'session-tag-invalid'

/** Refusals that only the API authorizer makes, in the order of the checks. */
export type ApiRefusal =
  | 'method-malformed'
  | 'path-ambiguous'
  | 'api-outside-tenant'
  | 'attributes-too-large'

/** Refusals that only STS can make. */
export type IssueRefusal = 'role-not-assumable' | 'duration-over-role-maximum'

/** Refusals of requests that are not credential requests of this deployment at all. */
export type RouteRefusal =
  | 'request-malformed'
  | 'host-not-served'
  | 'path-unknown'
  | 'method-not-allowed'

/** Every reason that `decide()` can give. */
export type DenyReason = CertificateRefusal | GrantRefusal | SessionRefusal

/** Every reason that `authorizeApi()` can give. */
export type ApiDenyReason =
  | CertificateRefusal
  | Extract<GrantRefusal, `thing-${string}`>
  | PolicyRefusal
  | ApiRefusal

/** Every reason that an audit record of a refusal can carry. */
export type RefusalReason = DenyReason | ApiRefusal | IssueRefusal | RouteRefusal
