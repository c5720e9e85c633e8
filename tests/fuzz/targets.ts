import type { FuzzTarget } from './fuzz-target.ts'
import { AUTHORIZER_EVENTS } from './targets/authorizer-events.ts'
import { CERTIFICATE } from './targets/certificate.ts'
import { CERTIFICATE_REQUEST } from './targets/certificate-request.ts'
import { CONTROL_EVENTS } from './targets/control-events.ts'
import { CONTROL_PLANE } from './targets/control-plane.ts'
import { DEVICE_EVENTS } from './targets/device-events.ts'
import { PATHS } from './targets/paths.ts'
import { POLICY_DOCUMENT } from './targets/policy-document.ts'
import { REVOCATION_LIST } from './targets/revocation-list.ts'
import { SESSION_POLICY } from './targets/session-policy.ts'
import { THING_HEADER } from './targets/thing-header.ts'

/** Everything that is fuzzed. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  CERTIFICATE,
  REVOCATION_LIST,
  CERTIFICATE_REQUEST,
  DEVICE_EVENTS,
  AUTHORIZER_EVENTS,
  CONTROL_EVENTS,
  PATHS,
  THING_HEADER,
  POLICY_DOCUMENT,
  SESSION_POLICY,
  CONTROL_PLANE,
]
