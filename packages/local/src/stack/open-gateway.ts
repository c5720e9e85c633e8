import type { AuditRecord } from '@thingpass/core/audit-record'
import { Fault } from '@thingpass/core/fault'
import type { Clock, IssueCredentials, WriteAudit } from '@thingpass/core/ports'
import type { GuardedRoute } from '../authorizer/guard-routes.ts'
import { createLocalGuard } from '../authorizer/local-guard.ts'
import type { Settings } from '../command-line.ts'
import type { AuditRefusal } from '../gateway/answer-request.ts'
import { KEEPS_CERTIFICATE_HEADERS } from '../gateway/load-balancer-event.ts'
import { type GatewayHandler, startGateway } from '../gateway/start-gateway.ts'
import { startLoadBalancer } from '../gateway/start-load-balancer.ts'
import type { TlsServer } from '../gateway/tls-server.ts'
import { keepServerIdentity } from '../pki/local-pki.ts'
import { decisionLine } from './decision-line.ts'
import { drawCertificateHeader } from './draw-certificate-header.ts'
import { createLocalHandler, createLocalLoadBalancerHandler } from './local-handler.ts'
import { onPort } from './on-port.ts'
import type { LocalRegistry } from './open-registry.ts'
import type { StackIo } from './stack-io.ts'

/** The settings, and what only a test can set beside them. */
export type OpenedSettings = Settings & { readonly [KEEPS_CERTIFICATE_HEADERS]?: true }

/** What the device endpoint is made of. */
export type GatewayParts = {
  readonly registry: LocalRegistry
  readonly issueCredentials: IssueCredentials
  readonly writeAudit: WriteAudit
  readonly dataDir: string
  /** Routes of an API of the user's own, behind the authorizer. */
  readonly routes: readonly GuardedRoute[]
}

/**
 * Opens the device endpoint: the deployed handlers behind mutual TLS, as the front door that the settings name.
 * @throws {Fault} CONFIGURATION_INVALID for routes that the front door has no authorizer for
 */
export async function openGateway(
  settings: OpenedSettings,
  io: StackIo,
  parts: GatewayParts,
): Promise<TlsServer> {
  const writeAudit: WriteAudit = async (record) => {
    await parts.writeAudit(record)
    io.decided(decisionLine(record))
  }
  const { server } = await keepServerIdentity(parts.dataDir, io.clock())
  const { port } = settings
  const shared = {
    port,
    serverKey: server.privateKeyPem,
    serverCertificate: server.certificatePem,
    accountId: settings.account,
    refused: auditRefusals(writeAudit, io.clock),
    log: io.log,
  }
  const audited = { settings, io, ...parts, writeAudit }
  return onPort({ port, flag: '--port' }, () =>
    settings.frontDoor === 'load-balancer'
      ? startLoadBalancer({ ...shared, ...loadBalancerSettings(settings, audited) })
      : startGateway({ ...shared, handler: gatewayHandler(audited) }),
  )
}

type Audited = GatewayParts & { readonly settings: OpenedSettings; readonly io: StackIo }

function gatewayHandler(parts: Audited): GatewayHandler {
  return createLocalGuard(parts, parts.routes, createLocalHandler(parts))
}

function loadBalancerSettings(settings: OpenedSettings, parts: Audited) {
  if (parts.routes.length > 0) {
    throw new Fault('CONFIGURATION_INVALID', 'a load balancer asks no authorizer: no API behind it')
  }
  const certificateHeader = drawCertificateHeader()
  return {
    region: settings.region,
    certificateHeader,
    handler: createLocalLoadBalancerHandler(parts, certificateHeader),
    ...(settings[KEEPS_CERTIFICATE_HEADERS] && { [KEEPS_CERTIFICATE_HEADERS]: true as const }),
  }
}

/** What the gateway refuses by itself reaches no handler, and is audited all the same. */
function auditRefusals(writeAudit: WriteAudit, clock: Clock): AuditRefusal {
  return ({ requestId, status }) => {
    const record: AuditRecord = {
      kind: 'credentials',
      time: clock().toISOString(),
      requestId,
      decision: 'deny',
      reason: 'request-malformed',
      status,
      timings: {},
    }
    return writeAudit(record)
  }
}
