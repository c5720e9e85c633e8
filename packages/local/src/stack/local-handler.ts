import { createTakeFromBudget } from '@thingpass/aws/registry/budget'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import type { IssueCredentials, WriteAudit } from '@thingpass/core/ports'
import {
  type CredentialsPorts,
  createCredentialsHandler,
} from '@thingpass/functions/credentials/credentials'
import { API_GATEWAY } from '@thingpass/functions/front-door/api-gateway-v2'
import { createLoadBalancerDoor } from '@thingpass/functions/front-door/application-load-balancer'
import { createIdentify } from '@thingpass/x509/identify'
import type { Settings } from '../command-line.ts'
import type { GatewayHandler } from '../gateway/start-gateway.ts'
import type { LoadBalancerHandler } from '../gateway/start-load-balancer.ts'
import { LOCAL_HOST_NAMES } from '../pki/local-pki.ts'
import { lambdaContext } from './lambda-context.ts'
import type { LocalRegistry } from './open-registry.ts'
import type { StackIo } from './stack-io.ts'

/** What the deployed handler is given locally. */
export type LocalHandlerParts = {
  readonly settings: Pick<Settings, 'account' | 'region'>
  readonly io: StackIo
  readonly registry: Pick<LocalRegistry, 'client' | 'tableName'>
  readonly issueCredentials: IssueCredentials
  readonly writeAudit: WriteAudit
}

/** Roles assumed from a role's session last an hour at most. Source: IAM User Guide, role chaining. */
const LONGEST_SESSION_SECONDS = 3600
/** As deployed: registry and STS have answered within it, so that the whole answer is there within 3 s. */
const DEADLINE_MS = 2_800

/** Wires the deployed credentials handler to the local parts, as the HTTP API's function. */
export function createLocalHandler(parts: LocalHandlerParts): GatewayHandler {
  const handler = createCredentialsHandler(credentialsPorts(parts), API_GATEWAY)
  return (event) => handler(event, lambdaContext(event.requestContext.requestId, stopwatch))
}

/** Wires the deployed load-balancer handler to the local parts; the certificate stands in the header of this name. */
export function createLocalLoadBalancerHandler(
  parts: LocalHandlerParts,
  certificateHeader: string,
): LoadBalancerHandler {
  const door = createLoadBalancerDoor({ certificateHeader })
  const handler = createCredentialsHandler(credentialsPorts(parts), door)
  return (event, requestId) => handler(event, lambdaContext(requestId, stopwatch))
}

const stopwatch = () => performance.now()

function credentialsPorts(parts: LocalHandlerParts): CredentialsPorts {
  const { io, settings, issueCredentials, writeAudit } = parts
  return {
    identifyCertificate: createIdentify(),
    ...registryPorts(parts),
    issueCredentials,
    writeAudit,
    reportFault: (fault, requestId) =>
      io.log(`request ${requestId}: ${fault.code}: ${fault.message}`),
    ...{ clock: io.clock, stopwatch, random: Math.random },
    settings: {
      deployment: { partition: 'aws', region: settings.region, accountId: settings.account },
      hostNames: LOCAL_HOST_NAMES,
      longestSessionSeconds: LONGEST_SESSION_SECONDS,
      deadlineMilliseconds: DEADLINE_MS,
    },
  }
}

function registryPorts({ io, registry }: LocalHandlerParts) {
  const { client, tableName } = registry
  const { clock } = io
  const issuerHints = createIssuerHints()
  const policyCache = createPolicyCache()
  return {
    ...createReadFacts({ client, tableName, issuerHints, policyCache, clock }),
    takeFromBudget: createTakeFromBudget({ client, tableName, clock }),
  }
}
