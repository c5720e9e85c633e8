import type { ProgramState } from './program-state.ts'
import { AUTHORIZER_PROPERTIES } from './properties-authorizer.ts'
import { DEVICE_PROPERTIES } from './properties-devices.ts'
import { GRANT_PROPERTIES } from './properties-grants.ts'
import { PERMISSION_PROPERTIES } from './properties-permissions.ts'
import { STATE_PROPERTIES } from './properties-state.ts'
import { WATCH_PROPERTIES } from './properties-watch.ts'

/** Sentences about a deployment, each with an expectation that fails where it does not hold. */
export type Properties = Readonly<Record<string, (state: ProgramState) => void>>

/** Everything that is asserted of every stage. */
export const PROPERTIES: Properties = {
  ...DEVICE_PROPERTIES,
  ...AUTHORIZER_PROPERTIES,
  ...PERMISSION_PROPERTIES,
  ...GRANT_PROPERTIES,
  ...STATE_PROPERTIES,
  ...WATCH_PROPERTIES,
}
