import type { Operation } from './operation.ts'
import { CERTIFICATE_OPERATIONS } from './operations/certificates.ts'
import { ENDPOINT_OPERATIONS } from './operations/endpoint.ts'
import { EXPLAIN_OPERATIONS } from './operations/explain.ts'
import { POLICY_OPERATIONS } from './operations/policies.ts'
import { POLICY_ATTACHMENT_OPERATIONS } from './operations/policy-attachments.ts'
import { POLICY_VERSION_OPERATIONS } from './operations/policy-versions.ts'
import { ROLE_ALIAS_OPERATIONS } from './operations/role-aliases.ts'
import { SESSION_PROFILE_OPERATIONS } from './operations/session-profile.ts'
import { TEST_AUTHORIZATION_OPERATIONS } from './operations/test-authorization.ts'
import { THING_PRINCIPAL_OPERATIONS } from './operations/thing-principals.ts'
import { THING_OPERATIONS } from './operations/things.ts'

/** Every operation of the control plane. */
export const OPERATIONS: readonly Operation[] = [
  ...ROLE_ALIAS_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...POLICY_VERSION_OPERATIONS,
  ...POLICY_ATTACHMENT_OPERATIONS,
  ...THING_OPERATIONS,
  ...THING_PRINCIPAL_OPERATIONS,
  ...CERTIFICATE_OPERATIONS,
  ...ENDPOINT_OPERATIONS,
  ...TEST_AUTHORIZATION_OPERATIONS,
  ...SESSION_PROFILE_OPERATIONS,
  ...EXPLAIN_OPERATIONS,
]
