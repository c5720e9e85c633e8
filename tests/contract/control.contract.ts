import { afterAll, beforeAll, describe } from 'vitest'
import { testAttachments } from './control-attachments.ts'
import { testCertificates } from './control-certificates.ts'
import { testExplanations } from './control-explanations.ts'
import { testPolicies } from './control-policies.ts'
import { testRoleAliases } from './control-role-aliases.ts'
import { testScope } from './control-scope.ts'
import { testTenants } from './control-tenants.ts'
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
    testAttachments(given)
    testScope(given)
    testThings(given)
    testCertificates(given)
    testExplanations(given)
    testTenants(given)
  })
}
