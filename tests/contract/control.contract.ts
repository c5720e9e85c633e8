import { afterAll, beforeAll, describe } from 'vitest'
import { testAttachments } from './control-attachments.ts'
import { testAuthorizations } from './control-authorization.ts'
import { testCas } from './control-cas.ts'
import { testCertificates } from './control-certificates.ts'
import { testCreations } from './control-certificates-create.ts'
import { testRegistrations } from './control-certificates-register.ts'
import { testExplanations } from './control-explanations.ts'
import { testPolicies } from './control-policies.ts'
import { testPolicyLists } from './control-policy-lists.ts'
import { testRevocation } from './control-revocation.ts'
import { testRoleAliases } from './control-role-aliases.ts'
import { testScope } from './control-scope.ts'
import { testTags } from './control-tags.ts'
import { testTenants } from './control-tenants.ts'
import { testTenantRecords } from './control-tenants-records.ts'
import { testThingGroups } from './control-thing-groups.ts'
import { testThingLists } from './control-thing-lists.ts'
import { testThingTypes } from './control-thing-types.ts'
import { testThings } from './control-things.ts'
import { type ControlledRegistry, startWorld, type World } from './control-world.ts'

/** Drives the control plane with AWS's own client. */
export function describeControl(name: string, open: () => Promise<ControlledRegistry>): void {
  describe(name, () => {
    let world: World | undefined
    const given = () => {
      if (world === undefined) throw new Error('the world has not been started')
      return world
    }

    beforeAll(async () => {
      world = await startWorld(await open())
    })
    afterAll(() => world?.stop())

    testRoleAliases(given)
    testPolicies(given)
    testPolicyLists(given)
    testAttachments(given)
    testScope(given)
    testThings(given)
    testThingLists(given)
    testThingTypes(given)
    testThingGroups(given)
    testTags(given)
    testCertificates(given)
    testRegistrations(given)
    testCreations(given)
    testCas(given)
    testRevocation(given)
    testTenantRecords(given)
    testExplanations(given)
    testAuthorizations(given)
    testTenants(given)
  })
}
