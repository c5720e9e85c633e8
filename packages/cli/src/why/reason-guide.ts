import type { FaultCode } from '@thingpass/core/fault'
import type { RefusalReason } from '@thingpass/core/refusal'

/** What a reason means, and what to do about it, for somebody who did not write the policy. */
export const REASON_GUIDE: Readonly<Record<RefusalReason, string>> = {
  'certificate-missing':
    'The device presented no certificate. Give its client certificate and key.',
  'certificate-malformed':
    'What was presented is not exactly one well-formed certificate. Present the device certificate alone, without its chain.',
  'certificate-too-large': 'The certificate is larger than 8 KiB. Issue one with fewer names.',
  'certificate-key-unacceptable':
    'The certificate has a key that is not accepted. Use P-256, P-384, P-521, or RSA of 2048 to 8192 bits.',
  'certificate-signature-unacceptable':
    'The certificate is signed with an algorithm that is not accepted. Use SHA-256 or stronger with RSA or ECDSA.',
  'certificate-names-excessive': 'The certificate has more than 32 alternative names.',
  'certificate-usage-unfit':
    'The extended key usage of the certificate leaves out client authentication. Issue one that includes it, or none.',
  'certificate-unknown': 'No certificate with this id is registered. Register it first.',
  'tenant-unknown': "The certificate's tenant has no record. An administrator must create it.",
  'tenant-disabled': "The certificate's tenant is disabled. An administrator can enable it.",
  'certificate-not-active':
    'The certificate is registered and not ACTIVE. Activate it, if it was not deactivated for a reason.',
  'certificate-without-ca':
    'The certificate was registered without a CA, which its tenant does not allow.',
  'ca-unknown': 'The CA that the certificate was registered under is gone. Register it again.',
  'ca-not-active':
    'The CA of the certificate is INACTIVE, and its tenant refuses devices of such CAs.',
  'certificate-not-signed-by-ca':
    'The key of the CA that the certificate was registered under did not sign it.',
  'certificate-revoked-by-ca':
    'The revocation list of the CA names the certificate. Give the device a new one; only a newer list of the CA takes it back.',
  'revocation-list-expired':
    'The revocation list of the CA is past its next update and its grace. Put the current one: thingpass cas crl put.',
  'revocation-list-missing':
    'The CA has no revocation list where it must have one. Put it: thingpass cas crl put.',
  'certificate-not-valid-now':
    'The certificate has expired or is not valid yet. Renew it, and check the clock that issued it.',
  'certificate-expires-too-soon':
    'Less than 900 seconds are left of the certificate, the shortest session there is. Renew it.',
  'tenant-over-budget':
    "The tenant's budget of requests is used up for the moment. The device may come back as Retry-After says.",
  'thing-name-malformed':
    'The header x-amzn-iot-thingname is empty, repeated or no thing name. Send it once.',
  'thing-not-attached':
    'The thing does not exist, or is not attached to this certificate. Attach it, or name the right one.',
  'alias-malformed': 'The role alias in the path is no valid name.',
  'policy-unreadable':
    'An attached policy cannot be read, and might hold a Deny. Write a new default version of it.',
  'policy-denies': 'A Deny statement matches; it wins over every Allow.',
  'policy-does-not-allow':
    'No Allow statement matches iot:AssumeRoleWithCertificate on the role alias or, for a guarded API, execute-api:Invoke on its route.',
  'alias-unknown': 'The policies allow it, but there is no role alias of this name.',
  'thing-name-required':
    'The role alias, or the tenant for its guarded APIs, asks devices to name their thing. Send x-amzn-iot-thingname.',
  'role-outside-tenant':
    "The alias's role is outside the role patterns that the administrator gave the tenant.",
  'session-policy-missing':
    'The role alias is scoped and has no session policy attached. Attach one.',
  'session-policy-unreadable':
    'An attached session policy cannot be read. Write a new default version of it.',
  'session-value-missing':
    'The session policy needs a value that this device does not have, in a Deny, an exception or a tag.',
  'session-value-unsafe':
    'A value for the session policy holds characters that must not get into it.',
  'session-policy-too-large':
    'The session policy has more than 2048 characters for this device. Shorten the largest statements.',
  'session-policy-grants-nothing':
    'For want of values, no Allow of the session policy is left for this device.',
  'session-tag-not-allowed':
    'The session profile names a tag key that the administrator did not give the tenant.',
  'session-tag-invalid': 'A session tag has no value, or one that AWS does not take as a tag.',
  'duration-over-chaining-limit':
    'The alias asks for more than the hour that chained sessions get, and its profile says "refuse".',
  'method-malformed': 'The method is not one of upper-case letters. Send GET, PUT or their like.',
  'path-ambiguous':
    'The path may be read in several ways (escapes, empty or dot segments, backslashes, wildcards, parameters, control characters). Send a plain one.',
  'api-outside-tenant':
    'The API is outside the API patterns that the administrator gave the tenant.',
  'attributes-too-large':
    'The attributes chosen for the API have more than 4096 bytes for this thing. Choose fewer, or shorten them.',
  'role-not-assumable':
    'STS refuses: the role does not exist, or its trust policy does not let the broker in (sts:AssumeRole and sts:TagSession, with the external id of the tenant).',
  'duration-over-role-maximum': "The alias asks for more than the role's maximum session duration.",
  'request-malformed':
    'The request is not HTTP as it should be: undecodable, oversized, without host, or never finished.',
  'host-not-served': 'The device addressed a host name that this deployment does not serve.',
  'path-unknown': 'There is nothing at this path. Ask for /role-aliases/<alias>/credentials.',
  'method-not-allowed': 'Only GET is answered.',
}

/** What a fault means for an operator. */
export const FAULT_GUIDE: Readonly<Record<FaultCode, string>> = {
  REGISTRY_THROTTLED: 'DynamoDB throttled; the device may come back.',
  REGISTRY_TIMEOUT: 'DynamoDB did not answer in time; the device may come back.',
  REGISTRY_UNAVAILABLE: 'DynamoDB could not be reached; the device may come back.',
  REGISTRY_REFUSED: "DynamoDB refused the function's own permission, credentials or request.",
  REGISTRY_UNREADABLE: 'An item of the registry is not as it is written; the log names it.',
  REGISTRY_INCONSISTENT: 'Items of the registry contradict each other; the log names them.',
  STS_THROTTLED: 'STS throttled; the device may come back.',
  STS_TIMEOUT: 'STS did not answer in time; the device may come back.',
  STS_UNAVAILABLE: 'STS could not be reached, or failed; the device may come back.',
  STS_CREDENTIALS_REFUSED: "STS refused the function's own credentials.",
  STS_REQUEST_REFUSED: 'STS found our request malformed.',
  STS_PACKED_POLICY_TOO_LARGE:
    'Session policy and tags together exceed the packed size of STS. Shorten them.',
  STS_UNREADABLE: 'STS answered with something that is no complete set of credentials.',
  IAM_THROTTLED: 'IAM throttled; the operator may try again.',
  IAM_TIMEOUT: 'IAM did not answer in time; the operator may try again.',
  IAM_UNAVAILABLE: 'IAM could not be reached, or failed; the operator may try again.',
  IAM_REFUSED: "IAM refused the function's own permission, credentials or request.",
  IAM_UNREADABLE: "IAM's answer did not hold what was asked for.",
  KMS_THROTTLED: 'KMS throttled; the operator may try again.',
  KMS_TIMEOUT: 'KMS did not answer in time; the operator may try again.',
  KMS_UNAVAILABLE: 'KMS could not be reached, or failed; the operator may try again.',
  KMS_REFUSED: "KMS refused the function's own permission, credentials or request.",
  KMS_UNREADABLE: "KMS's answer did not hold what was asked for.",
  ANSWER_TOO_LARGE:
    'The answer would exceed the 2048 bytes that device clients read. Use fewer or shorter tags.',
  EVENT_UNREADABLE: 'The front door sent an event of another shape.',
  AUDIT_UNAVAILABLE: 'The audit record could not be kept, so nothing was issued.',
  CONFIGURATION_INVALID: 'A setting of the function is missing or invalid; the log names it.',
  DEADLINE_EXCEEDED: 'The answer would have come too late; the device may come back.',
  UNEXPECTED: 'Something unforeseen; the log has more.',
}
