import { dirname, join } from 'node:path'
import { createControlPlane } from '@thingpass/control/control-plane'
import type { MayPassRole } from '@thingpass/control/ports'
import type { AccountId, Region } from '@thingpass/core/names'
import type { Clock, ReadFacts } from '@thingpass/core/ports'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { createCertificatePorts } from '@thingpass/functions/control/certificate-ports'
import { createControlHandler } from '@thingpass/functions/control/control'
import { createIdentify } from '@thingpass/x509/identify'
import { createLocalTenantSigners } from '../ca-keys/local-tenant-signers.ts'
import { lambdaContext } from '../stack/lambda-context.ts'
import { keepAwsCredentials } from './aws-credentials.ts'
import { type RunningControlPlane, startControlPlane } from './start-control-plane.ts'

/** What the local control plane is made of. */
export type LocalControlParts = {
  /** 0 = any free port. */
  readonly port: number
  readonly accountId: AccountId
  readonly region: Region
  /** Path of the file with the access keys, made where it is missing. The keys that sign for tenants lie beside it, in `ca-keys/`. */
  readonly credentialsFile: string
  /** Tenants that get a profile of their own beside the administrator's. */
  readonly tenants: readonly string[]
  /** Where devices connect: `host`, or `host:port` where the port is not 443. */
  readonly credentialsEndpoint: string
  readonly registryFor: (callerArn: string) => RegistryWrites
  readonly readFacts: ReadFacts
  readonly mayPassRole: MayPassRole
  readonly clock: Clock
  readonly log: (line: string) => void
}

/** Roles assumed from a role's session last an hour at most. Source: IAM User Guide, role chaining. */
const LONGEST_SESSION_SECONDS = 3600
const DEADLINE_MS = 5_000

/**
 * Wires the deployed control handler to the local parts and lets it listen on loopback.
 * @throws {Fault} CONFIGURATION_INVALID when the file of access keys cannot be read
 */
export async function openControlPlane(parts: LocalControlParts): Promise<RunningControlPlane> {
  const { port, accountId, region, clock, log } = parts
  const accessKeys = await keepAwsCredentials(parts.credentialsFile, parts.tenants)
  const stopwatch = () => performance.now()
  const handler = createLocalControlHandler(parts)
  return startControlPlane({
    ...{ port, accountId, region, accessKeys, clock, log },
    handler: (event) => handler(event, lambdaContext(event.requestContext.requestId, stopwatch)),
  })
}

function createLocalControlHandler(parts: LocalControlParts) {
  const { registryFor, readFacts, mayPassRole, clock, log, accountId, region } = parts
  const caKeys = join(dirname(parts.credentialsFile), 'ca-keys')
  const reportFault: Parameters<typeof createControlHandler>[0]['reportFault'] = (
    fault,
    requestId,
  ) => log(`request ${requestId}: ${fault.code}: ${fault.message}`)
  const controlPlane = createControlPlane({
    ...{ registryFor, readFacts, mayPassRole, clock, reportFault },
    ...createCertificatePorts({ openSigner: createLocalTenantSigners(caKeys), clock }),
    // Whoever may call every path is the administrator, and the profile `default` alone may.
    isAdministrator: async (callerArn) => callerArn === `arn:aws:iam::${accountId}:user/default`,
    identifyCertificate: createIdentify(),
    settings: {
      deployment: { partition: 'aws', region, accountId },
      credentialsEndpoint: parts.credentialsEndpoint,
      longestSessionSeconds: LONGEST_SESSION_SECONDS,
      deadlineMilliseconds: DEADLINE_MS,
    },
  })
  return createControlHandler({ controlPlane, reportFault })
}
