import type { Fault } from '../src/fault.ts'
import type { Clock, ReadFacts } from '../src/ports.ts'
import type { RegistryWrites } from '../src/registry-writes.ts'
import { fakeRoleAliasWrites } from './fake-registry-aliases.ts'
import { fakePolicyAttachmentWrites } from './fake-registry-attachments.ts'
import { fakeCertificateWrites, fakeThingPrincipalWrites } from './fake-registry-certificates.ts'
import { fakeAttachmentLists, fakePolicyLists } from './fake-registry-edge-lists.ts'
import { fakeReadFacts } from './fake-registry-facts.ts'
import { fakeThingGroupWrites } from './fake-registry-groups.ts'
import { fakeThingLists } from './fake-registry-lists.ts'
import { fakePolicyWrites } from './fake-registry-policies.ts'
import { fakeCaWrites, fakeTenantWrites } from './fake-registry-records.ts'
import { fakeRevocationListWrites } from './fake-registry-revocation.ts'
import { createFakeWorld, type FakeChange } from './fake-registry-state.ts'
import { fakeTagWrites } from './fake-registry-tags.ts'
import { fakeThingTypeWrites } from './fake-registry-thing-types.ts'
import { fakeThingWrites } from './fake-registry-things.ts'

/** A registry in memory: the same changes and facts as the real one, nothing between two writers, and faults on demand. */
export type FakeRegistry = RegistryWrites & {
  readonly readFacts: ReadFacts
  /** Every change that was made, oldest first. */
  readonly changes: readonly FakeChange[]
  /** Makes the next `readFacts` throw instead of answering. */
  readonly failNext: (fault: Fault) => void
}

/** Makes an empty fake registry. */
export function createFakeRegistry({
  clock,
  newId = counter(),
}: {
  readonly clock: Clock
  readonly newId?: () => string
}): FakeRegistry {
  const world = createFakeWorld({ clock, newId })
  return {
    ...fakeTenantWrites(world),
    ...fakeCaWrites(world),
    ...fakeRevocationListWrites(world),
    ...fakeThingTypeWrites(world),
    ...fakeThingWrites(world),
    ...fakeThingGroupWrites(world),
    ...fakeCertificateWrites(world),
    ...fakeThingPrincipalWrites(world),
    ...fakePolicyWrites(world),
    ...fakePolicyAttachmentWrites(world),
    ...fakeRoleAliasWrites(world),
    ...fakeTagWrites(world),
    ...fakeThingLists(world),
    ...fakeAttachmentLists(world),
    ...fakePolicyLists(world),
    readFacts: fakeReadFacts(world, clock),
    changes: world.state.changes,
    failNext: world.failNext,
  }
}

function counter(): () => string {
  let last = 0
  return () => {
    last += 1
    return `id-${last}`
  }
}
