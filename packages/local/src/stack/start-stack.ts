import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Region } from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import type { GuardedRoute } from '../authorizer/guard-routes.ts'
import type { FrontDoorName } from '../command-line.ts'
import { SHOWN_DEVICE } from '../demo-fleet/fleet.ts'
import { seedFleet } from '../demo-fleet/seed-fleet.ts'
import { DATA_FILES, openDataDirectory } from '../engine/data-directory.ts'
import { bindOnce } from '../engine/free-port.ts'
import { PKI_FILES } from '../pki/local-pki.ts'
import { openAuditFile } from './audit-file.ts'
import { type Closing, createClosing } from './closing.ts'
import { onPort } from './on-port.ts'
import { openControl } from './open-control.ts'
import { type OpenedSettings, openGateway } from './open-gateway.ts'
import { openIssuer } from './open-issuer.ts'
import { type LocalRegistry, openRegistry } from './open-registry.ts'
import type { StackIo } from './stack-io.ts'

/** A running stack. */
export type Stack = {
  /** Device endpoint. */
  readonly url: string
  readonly frontDoor: FrontDoorName
  /** Local STS; absent with `--sts aws`. */
  readonly stsUrl?: string
  readonly dynamodbUrl: string
  /** Control plane; its access keys lie in the data directory. */
  readonly controlUrl: string
  readonly region: Region
  /** Absolute. */
  readonly dataDir: string
  /** Whether the demo devices' keys lie in this data directory: not so with a registry that another one seeded. */
  readonly hasDemoDevices: boolean
  readonly registry: RegistryWrites
  /** Settles when a part has ended by itself, with its last words; the stack is of no use then. */
  readonly broken: Promise<string>
  readonly close: () => Promise<void>
}

/**
 * Starts everything that local mode consists of, and seeds the demo fleet. `routes` are those of an API of the caller's own, which
 * the authorizer guards. What was started is stopped again when a later part fails.
 * @throws {Fault} CONFIGURATION_INVALID with one line for whoever gave the settings
 */
export async function startStack(
  settings: OpenedSettings,
  io: StackIo,
  routes: readonly GuardedRoute[] = [],
): Promise<Stack> {
  const closing = createClosing()
  try {
    return await openParts(settings, io, { closing, routes })
  } catch (thrown) {
    await closing.close()
    throw thrown
  }
}

async function openParts(
  settings: OpenedSettings,
  io: StackIo,
  { closing, routes }: { readonly closing: Closing; readonly routes: readonly GuardedRoute[] },
): Promise<Stack> {
  const { clock, log } = io
  const { port, controlPort } = settings
  await onPort({ port, flag: '--port' }, () => bindOnce(port))
  await onPort({ port: controlPort, flag: '--control-port' }, () => bindOnce(controlPort))
  const directory = await openDataDirectory(settings.dataDir, settings.reset)
  closing.add(directory.release)
  const dataDir = directory.path
  const registry = await openRegistry(settings, dataDir, { clock, closing })
  const rolesFile = join(dataDir, DATA_FILES.roles)
  const { account, region } = settings
  await seedFleet({ account, region, dataDir, rolesFile, writes: registry.writes, now: clock() })
  const issuer = await openIssuer(settings, dataDir, { clock, closing, log })
  const audit = await openAuditFile(join(dataDir, DATA_FILES.audit))
  closing.add(audit.close)
  const { issueCredentials } = issuer
  const parts = { registry, issueCredentials, writeAudit: audit.write, dataDir, routes }
  const gateway = await openGateway(settings, io, parts)
  closing.add(gateway.close)
  const control = await openControl(settings, io, { registry, dataDir, deviceUrl: gateway.url })
  closing.add(control.close)
  return {
    url: gateway.url,
    frontDoor: settings.frontDoor,
    ...(issuer.url !== undefined && { stsUrl: issuer.url }),
    dynamodbUrl: registry.url,
    controlUrl: control.url,
    region,
    dataDir,
    hasDemoDevices: existsSync(PKI_FILES.devicePrivateKey(dataDir, SHOWN_DEVICE.thingName)),
    registry: registry.writes,
    broken: brokenOf(registry, closing),
    close: closing.close,
  }
}

/** An engine that ends because the stack is closing is not broken. Ctrl-C reaches it, too, but never before this process. */
function brokenOf(registry: LocalRegistry, closing: Closing): Promise<string> {
  return new Promise((resolve) => {
    void registry.ended.then((words) => {
      if (!closing.isClosed()) resolve(`the embedded DynamoDB has ended: ${words}`)
    })
  })
}
