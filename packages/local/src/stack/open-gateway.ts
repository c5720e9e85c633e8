import type { AuditRecord } from '@thingpass/core/audit-record'
import type { Clock, IssueCredentials, WriteAudit } from '@thingpass/core/ports'
import type { GuardedRoute } from '../authorizer/guard-routes.ts'
import { createLocalGuard } from '../authorizer/local-guard.ts'
import type { Settings } from '../command-line.ts'
import type { AuditRefusal } from '../gateway/answer-request.ts'
import { type Gateway, startGateway } from '../gateway/start-gateway.ts'
import { keepServerIdentity } from '../pki/local-pki.ts'
import { decisionLine } from './decision-line.ts'
import { createLocalHandler } from './local-handler.ts'
import { onPort } from './on-port.ts'
import type { LocalRegistry } from './open-registry.ts'
import type { StackIo } from './stack-io.ts'

/** What the device endpoint is made of. */
export type GatewayParts = {
  readonly registry: LocalRegistry
  readonly issueCredentials: IssueCredentials
  readonly writeAudit: WriteAudit
  readonly dataDir: string
  /** Routes of an API of the user's own, behind the authorizer. */
  readonly routes: readonly GuardedRoute[]
}

/** Opens the device endpoint: the deployed handlers behind mutual TLS. */
export async function openGateway(
  settings: Settings,
  io: StackIo,
  parts: GatewayParts,
): Promise<Gateway> {
  const { registry, issueCredentials, dataDir, routes } = parts
  const writeAudit: WriteAudit = async (record) => {
    await parts.writeAudit(record)
    io.decided(decisionLine(record))
  }
  const shared = { settings, io, registry, writeAudit }
  const credentials = createLocalHandler({ ...shared, issueCredentials })
  const handler = createLocalGuard(shared, routes, credentials)
  const { server } = await keepServerIdentity(dataDir, io.clock())
  return onPort({ port: settings.port, flag: '--port' }, () =>
    startGateway({
      port: settings.port,
      serverKey: server.privateKeyPem,
      serverCertificate: server.certificatePem,
      accountId: settings.account,
      handler,
      refused: auditRefusals(writeAudit, io.clock),
      log: io.log,
    }),
  )
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
