import type { ApiSubject } from './api-command.ts'
import { CAS } from './subjects/cas.ts'
import { CERTIFICATES } from './subjects/certificates.ts'
import { POLICIES } from './subjects/policies.ts'
import { ROLE_ALIASES } from './subjects/role-aliases.ts'
import { TENANTS } from './subjects/tenants.ts'
import { THING_GROUPS } from './subjects/thing-groups.ts'
import { THING_TYPES } from './subjects/thing-types.ts'
import { THINGS } from './subjects/things.ts'

/** Every command in the words of the API, in the order of help. */
export const API_SUBJECTS: readonly ApiSubject[] = [
  THINGS,
  THING_TYPES,
  THING_GROUPS,
  CERTIFICATES,
  CAS,
  POLICIES,
  ROLE_ALIASES,
  TENANTS,
]
