import { afterAll, beforeAll, describe } from 'vitest'
import { describeMadeAgain } from './registry-again.ts'
import { describeRoleAliases } from './registry-aliases.ts'
import { describeAttachments } from './registry-attachments.ts'
import { describeAuthorities } from './registry-authorities.ts'
import { describeFacts } from './registry-facts.ts'
import { describeLists } from './registry-list-details.ts'
import { describePolicies } from './registry-policies.ts'
import { describeRecords } from './registry-records.ts'
import { describeRevocation } from './registry-revocation.ts'
import { describeTags } from './registry-tags.ts'
import { describeThingGroups } from './registry-thing-groups.ts'
import { describeThingTypes } from './registry-thing-types.ts'
import { describeThings } from './registry-things.ts'
import { describeWalks } from './registry-walks.ts'
import type { RegistryUnderTest } from './registry-world.ts'

const PARTS = [
  ['facts', describeFacts],
  ['names that are used again', describeMadeAgain],
  ['attachments', describeAttachments],
  ['policies', describePolicies],
  ['tenants, CAs and certificates', describeRecords],
  ['authorities, their certificates, and tenants that are empty', describeAuthorities],
  ['revocation lists', describeRevocation],
  ['things and groups', describeThings],
  ['role aliases', describeRoleAliases],
  ['thing types', describeThingTypes],
  ['thing groups', describeThingGroups],
  ['tags', describeTags],
  ['lists', describeLists],
  ['lists that change while they are read', describeWalks],
] as const

/** What every registry does, the fake as well as the real one. */
export function describeRegistry(name: string, start: () => Promise<RegistryUnderTest>): void {
  describe(name, () => {
    let started: RegistryUnderTest | undefined
    const registry = (): RegistryUnderTest => started!
    beforeAll(async () => {
      started = await start()
    })
    afterAll(async () => started?.stop())

    for (const [part, describePart] of PARTS) describe(part, () => describePart(registry))
  })
}
