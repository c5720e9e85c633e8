import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StaticCredentials } from '@thingpass/aws/clients'
import type { AuditRecord } from '@thingpass/core/audit-record'
import { parsePolicyName, parseRoleAlias, parseTenantId } from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { parseCommandLine, type Settings } from '@thingpass/local/command-line'
import { openTenant, seedTenant } from '@thingpass/local/demo-fleet/seed-tenant'
import { startGateway } from '@thingpass/local/gateway/start-gateway'
import type { Identity } from '@thingpass/local/pki/issue-certificate'
import {
  keepDeviceCa,
  keepDeviceIdentity,
  keepServerIdentity,
} from '@thingpass/local/pki/local-pki'
import { openAuditFile } from '@thingpass/local/stack/audit-file'
import { type Closing, createClosing } from '@thingpass/local/stack/closing'
import { createLocalHandler } from '@thingpass/local/stack/local-handler'
import { openRegistry } from '@thingpass/local/stack/open-registry'
import { createDevice, type Received } from '@thingpass/local/testing/device-client'
import { done, given } from '../support/fleet.ts'
import { ATTACHED, FLEET } from './fleet.ts'
import { createGatewayIssuer } from './gateway-issuer.ts'

/** Thingpass with the lane's fleet, over an object gateway's STS. */
export type EnforcedStack = {
  /** Asks for credentials as the device of a thing does, over mutual TLS. */
  readonly ask: (thing: string, roleAlias: string) => Promise<Received>
  /** Asks, and takes the credentials that must come back. */
  readonly fetchCredentials: (thing: string) => Promise<Required<StaticCredentials>>
  readonly registry: RegistryWrites
  readonly lastAudited: () => Promise<AuditRecord | undefined>
  readonly close: () => Promise<void>
}

const clock = () => new Date()

/** Starts the deployed handler behind the mutual-TLS gateway, over the embedded registry; STS is at `endpoint`. */
export async function startEnforcedStack(sts: {
  readonly endpoint: string
  readonly credentials: StaticCredentials
}): Promise<EnforcedStack> {
  const closing = createClosing()
  try {
    return await openParts(sts, closing)
  } catch (thrown) {
    await closing.close()
    throw thrown
  }
}

async function openParts(
  sts: { readonly endpoint: string; readonly credentials: StaticCredentials },
  closing: Closing,
): Promise<EnforcedStack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'thingpass-'))
  closing.add(() => rm(dataDir, { recursive: true, force: true }))
  const settings = settingsOf(dataDir)
  const registry = await openRegistry(settings, dataDir, { clock, closing })
  const devices = await seed(registry.writes, settings)
  const issuer = createGatewayIssuer({ ...sts, region: settings.region, clock })
  closing.add(async () => issuer.close())
  const auditPath = join(dataDir, 'audit.jsonl')
  const audit = await openAuditFile(auditPath)
  closing.add(audit.close)
  const handler = createLocalHandler({
    ...{ settings, registry, issueCredentials: issuer.issueCredentials },
    io: { clock, decided: () => undefined, log: () => undefined },
    writeAudit: audit.write,
  })
  const { server, caPem } = await keepServerIdentity(dataDir, clock())
  const gateway = await startGateway({
    ...{ port: 0, accountId: settings.account, handler, log: () => undefined },
    refused: async () => undefined,
    serverKey: server.privateKeyPem,
    serverCertificate: server.certificatePem,
  })
  closing.add(gateway.close)
  const ask = async (thing: string, roleAlias: string) => {
    const device = createDevice(caPem, given(devices.get(thing)))
    const path = `/role-aliases/${roleAlias}/credentials`
    const answer = await device.get(`${gateway.url}${path}`, { 'x-amzn-iot-thingname': thing })
    device.close()
    return answer
  }
  return {
    ask,
    fetchCredentials: async (thing) => {
      const { status, body } = await ask(thing, 'objects')
      if (status !== 200) throw new Error(`${thing} was answered ${status}`)
      const { accessKeyId, secretAccessKey, sessionToken } = JSON.parse(body).credentials
      return { accessKeyId, secretAccessKey, sessionToken }
    },
    registry: registry.writes,
    lastAudited: async () => {
      const lines = (await readFile(auditPath, 'utf8')).trimEnd().split('\n')
      return JSON.parse(lines.at(-1) ?? 'null')
    },
    close: closing.close,
  }
}

function settingsOf(dataDir: string): Settings {
  const parsed = parseCommandLine(['--port', '0', '--data-dir', dataDir])
  if (parsed.kind !== 'start') throw new Error('these flags do not start a stack')
  return parsed.settings
}

/** Registers the fleet, and attaches its session policies as an operator would: each first attachment makes an alias scoped. */
async function seed(
  writes: RegistryWrites,
  { account, dataDir }: Settings,
): Promise<ReadonlyMap<string, Identity>> {
  const ca = await keepDeviceCa(dataDir, FLEET.tenantId, clock())
  const devices = new Map<string, Identity>()
  for (const { thingName } of FLEET.things) {
    const device = { thingName, organization: FLEET.tenantId, ca }
    devices.set(thingName, await keepDeviceIdentity(dataDir, device, clock()))
  }
  await seedTenant(writes, { tenant: FLEET, account, ca, devices })
  for (const [alias, policies] of Object.entries(ATTACHED)) {
    for (const policy of policies) await done(writes.attachPolicy(attachmentOf(policy, alias)))
  }
  await openTenant(writes, FLEET, randomBytes(24).toString('hex'))
  return devices
}

/** A session policy on a role alias, as the registry takes it. */
export function attachmentOf(policy: string, alias: string) {
  return {
    tenantId: given(parseTenantId(FLEET.tenantId)),
    policyName: given(parsePolicyName(policy)),
    target: { kind: 'role-alias', roleAlias: given(parseRoleAlias(alias)) } as const,
  }
}
