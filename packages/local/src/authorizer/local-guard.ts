import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import type { AuthorizerPorts } from '@thingpass/functions/authorizer/authorizer'
import { createWhoamiHandler } from '@thingpass/functions/authorizer/whoami'
import { createIdentify } from '@thingpass/x509/identify'
import type { Settings } from '../command-line.ts'
import type { GatewayHandler } from '../gateway/start-gateway.ts'
import { LOCAL_HOST_NAMES } from '../pki/local-pki.ts'
import type { LocalHandlerParts } from '../stack/local-handler.ts'
import { createAskAuthorizer } from './ask-authorizer.ts'
import { type GuardedRoute, guardRoutes } from './guard-routes.ts'

/** As deployed: the registry has answered within it. */
const DEADLINE_MS = 2_800

/** What the authorizer and `GET /whoami` are given locally. */
export type LocalGuardParts = Omit<LocalHandlerParts, 'issueCredentials' | 'settings'> & {
  readonly settings: Pick<Settings, 'account' | 'region' | 'authorizer'>
}

/**
 * Puts `GET /whoami` and further routes behind the deployed authorizer, wired to the local parts; every other request goes to
 * `otherwise`.
 */
export function createLocalGuard(
  parts: LocalGuardParts,
  routes: readonly GuardedRoute[],
  otherwise: GatewayHandler,
): GatewayHandler {
  const ports = guardPorts(parts)
  const { settings } = parts
  const askAuthorizer = createAskAuthorizer(settings.authorizer.format, ports, settings)
  const whoami: GuardedRoute = { routeKey: 'GET /whoami', handler: createWhoamiHandler(ports) }
  return guardRoutes([whoami, ...routes], askAuthorizer, otherwise)
}

function guardPorts({ io, registry, settings, writeAudit }: LocalGuardParts): AuthorizerPorts {
  const { client, tableName } = registry
  const { clock } = io
  const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
  return {
    identifyCertificate: createIdentify(),
    ...createReadFacts({ client, tableName, ...memory, clock }),
    writeAudit,
    reportFault: (fault, requestId) =>
      io.log(`request ${requestId}: ${fault.code}: ${fault.message}`),
    clock,
    stopwatch: () => performance.now(),
    settings: {
      deployment: { partition: 'aws', region: settings.region, accountId: settings.account },
      hostNames: LOCAL_HOST_NAMES,
      deadlineMilliseconds: DEADLINE_MS,
      attributeNames: settings.authorizer.attributeNames,
    },
  }
}
