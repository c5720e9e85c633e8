import { join } from 'node:path'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import type { Settings } from '../command-line.ts'
import { createMayPassRole } from '../control/may-pass-role.ts'
import { openControlPlane } from '../control/open-control-plane.ts'
import type { RunningControlPlane } from '../control/start-control-plane.ts'
import { demoFleet } from '../demo-fleet/fleet.ts'
import { DATA_FILES } from '../engine/data-directory.ts'
import { openRolesFile } from '../sts/roles-file.ts'
import { onPort } from './on-port.ts'
import type { LocalRegistry } from './open-registry.ts'
import type { StackIo } from './stack-io.ts'

/** Opens the control plane over the same registry, for callers of the data directory's access keys. */
export async function openControl(
  settings: Settings,
  { clock, log }: StackIo,
  parts: { readonly registry: LocalRegistry; readonly dataDir: string; readonly deviceUrl: string },
): Promise<RunningControlPlane> {
  const { registry, dataDir, deviceUrl } = parts
  const { account, region, controlPort: port } = settings
  const { client, tableName, registryFor } = registry
  const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
  const { readFacts } = createReadFacts({ client, tableName, ...memory, clock })
  const tenants = demoFleet({ account, region }).map(({ tenantId }) => tenantId)
  return onPort({ port, flag: '--control-port' }, () =>
    openControlPlane({
      ...{ port, accountId: account, region, registryFor, readFacts, clock, log },
      credentialsFile: join(dataDir, DATA_FILES.awsCredentials),
      tenants: tenants.filter((tenant) => tenant !== 'default'),
      credentialsEndpoint: new URL(deviceUrl).host,
      mayPassRole: createMayPassRole(openRolesFile(join(dataDir, DATA_FILES.roles))),
    }),
  )
}
