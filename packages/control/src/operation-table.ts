import type { Operation } from './operation.ts'
import { CA_CERTIFICATE_OPERATIONS } from './operations/ca-certificates.ts'
import { REGISTER_CA_CERTIFICATE_OPERATIONS } from './operations/ca-certificates-register.ts'
import { CERTIFICATE_LIST_OPERATIONS } from './operations/certificate-lists.ts'
import { CERTIFICATE_TRANSFER_OPERATIONS } from './operations/certificate-transfers.ts'
import { CERTIFICATE_OPERATIONS } from './operations/certificates.ts'
import { CREATE_CERTIFICATE_OPERATIONS } from './operations/create-certificate.ts'
import { DYNAMIC_THING_GROUP_OPERATIONS } from './operations/dynamic-thing-groups.ts'
import { EFFECTIVE_POLICY_OPERATIONS } from './operations/effective-policies.ts'
import { ENDPOINT_OPERATIONS } from './operations/endpoint.ts'
import { EXPLAIN_OPERATIONS } from './operations/explain.ts'
import { THING_LIST_OPERATIONS } from './operations/list-things.ts'
import { POLICY_OPERATIONS } from './operations/policies.ts'
import { POLICY_ATTACHMENT_OPERATIONS } from './operations/policy-attachments.ts'
import { POLICY_VERSION_OPERATIONS } from './operations/policy-versions.ts'
import { PRINCIPAL_POLICY_OPERATIONS } from './operations/principal-policies.ts'
import { REGISTER_CERTIFICATE_OPERATIONS } from './operations/register-certificate.ts'
import { REGISTRATION_CODE_OPERATIONS } from './operations/registration-code.ts'
import { REVOCATION_LIST_OPERATIONS } from './operations/revocation-lists.ts'
import { ROLE_ALIAS_OPERATIONS } from './operations/role-aliases.ts'
import { SESSION_PROFILE_OPERATIONS } from './operations/session-profile.ts'
import { TAG_OPERATIONS } from './operations/tags.ts'
import { TENANT_OPERATIONS } from './operations/tenants.ts'
import { TEST_AUTHORIZATION_OPERATIONS } from './operations/test-authorization.ts'
import { THING_GROUP_LIST_OPERATIONS } from './operations/thing-group-lists.ts'
import { THING_GROUP_MEMBER_OPERATIONS } from './operations/thing-group-members.ts'
import { THING_GROUP_OPERATIONS } from './operations/thing-groups.ts'
import { THING_PRINCIPAL_LIST_OPERATIONS } from './operations/thing-principal-lists.ts'
import { THING_PRINCIPAL_OPERATIONS } from './operations/thing-principals.ts'
import { THING_TYPE_OPERATIONS } from './operations/thing-types.ts'
import { THING_OPERATIONS } from './operations/things.ts'

/** Every operation of the control plane. */
export const OPERATIONS: readonly Operation[] = [
  ...ROLE_ALIAS_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...POLICY_VERSION_OPERATIONS,
  ...POLICY_ATTACHMENT_OPERATIONS,
  ...PRINCIPAL_POLICY_OPERATIONS,
  ...EFFECTIVE_POLICY_OPERATIONS,
  ...THING_OPERATIONS,
  ...THING_LIST_OPERATIONS,
  ...THING_TYPE_OPERATIONS,
  ...THING_GROUP_OPERATIONS,
  ...THING_GROUP_LIST_OPERATIONS,
  ...THING_GROUP_MEMBER_OPERATIONS,
  ...DYNAMIC_THING_GROUP_OPERATIONS,
  ...THING_PRINCIPAL_OPERATIONS,
  ...THING_PRINCIPAL_LIST_OPERATIONS,
  ...TAG_OPERATIONS,
  ...CERTIFICATE_OPERATIONS,
  ...CERTIFICATE_LIST_OPERATIONS,
  ...REGISTER_CERTIFICATE_OPERATIONS,
  ...CREATE_CERTIFICATE_OPERATIONS,
  ...CERTIFICATE_TRANSFER_OPERATIONS,
  ...CA_CERTIFICATE_OPERATIONS,
  ...REGISTER_CA_CERTIFICATE_OPERATIONS,
  ...REVOCATION_LIST_OPERATIONS,
  ...REGISTRATION_CODE_OPERATIONS,
  ...TENANT_OPERATIONS,
  ...ENDPOINT_OPERATIONS,
  ...TEST_AUTHORIZATION_OPERATIONS,
  ...SESSION_PROFILE_OPERATIONS,
  ...EXPLAIN_OPERATIONS,
]
