import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { attachmentLists } from './lists/attachments.ts'
import { policyLists } from './lists/policies.ts'
import { thingGroupLists } from './lists/thing-groups.ts'
import { thingLists } from './lists/things.ts'
import { caWrites } from './writes/cas.ts'
import { certificateWrites } from './writes/certificates.ts'
import { policyWrites } from './writes/policies.ts'
import { policyAttachmentWrites } from './writes/policy-attachments.ts'
import { policyVersionWrites } from './writes/policy-versions.ts'
import { revocationListWrites } from './writes/revocation-lists.ts'
import { roleAliasWrites } from './writes/role-aliases.ts'
import { tagWrites } from './writes/tags.ts'
import { tenantWrites } from './writes/tenants.ts'
import { thingGroupWrites } from './writes/thing-groups.ts'
import { thingMembershipWrites } from './writes/thing-memberships.ts'
import { thingPrincipalWrites } from './writes/thing-principals.ts'
import { thingTypeWrites } from './writes/thing-types.ts'
import { thingWrites } from './writes/things.ts'
import { createRegistry, type WriteDependencies } from './writes/transaction.ts'

type Times = 'pause' | 'timer'

const TIMER: WriteDependencies['timer'] = {
  milliseconds: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

/** Makes the changes and lists of the registry on DynamoDB. */
export function createRegistryWrites(
  dependencies: Omit<WriteDependencies, Times> & Partial<Pick<WriteDependencies, Times>>,
): RegistryWrites {
  const registry = createRegistry({ pause: jitteredPause, timer: TIMER, ...dependencies })
  return {
    ...tenantWrites(registry),
    ...caWrites(registry),
    ...revocationListWrites(registry),
    ...thingTypeWrites(registry),
    ...thingWrites(registry),
    ...thingGroupWrites(registry),
    ...thingMembershipWrites(registry),
    ...certificateWrites(registry),
    ...thingPrincipalWrites(registry),
    ...policyWrites(registry),
    ...policyVersionWrites(registry),
    ...policyAttachmentWrites(registry),
    ...roleAliasWrites(registry),
    ...tagWrites(registry),
    ...thingLists(registry),
    ...thingGroupLists(registry),
    ...attachmentLists(registry),
    ...policyLists(registry),
  }
}

const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 300

/** Waits a random part of a doubling time, so that writers who met do not meet again; 3 s over all attempts on average. */
function jitteredPause(attempt: number): Promise<void> {
  const longestMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS)
  return new Promise((resolve) => setTimeout(resolve, Math.random() * longestMs))
}
