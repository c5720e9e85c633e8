import { createControlPlane } from '@thingpass/control/control-plane'
import type { ControlPorts } from '@thingpass/control/ports'
import { parseAccountId, parseRegion, parseTenantId } from '@thingpass/core/names'
import type { Clock, ReadFacts } from '@thingpass/core/ports'
import type { TenantRecord } from '@thingpass/core/records'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { createCertificatePorts } from '@thingpass/functions/control/certificate-ports'
import { createLocalTenantSigners } from '@thingpass/local/ca-keys/local-tenant-signers'
import { createIdentify } from '@thingpass/x509/identify'

/** What a control plane without a server is made of. */
export type InProcessParts = {
  readonly registry: RegistryWrites
  readonly readFacts: ReadFacts
  readonly clock: Clock
  /** Where the keys are kept that sign for tenants. */
  readonly directory: string
}

/** One call of the control plane, without a tenant's prefix. */
export type Call = {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
}

/** What came of a call. */
export type Answer = {
  readonly status: number
  readonly type: string | undefined
  readonly json: Readonly<Record<string, unknown>>
}

/** Registration code of every tenant here: what tenants are given must not tell two worlds apart. */
export const CODE = 'ab'.repeat(32)

/** Makes a control plane that is called as a function. Callers have the name of their tenant; `default` is the administrator. */
export function createInProcess(parts: InProcessParts) {
  const faults: string[] = []
  const controlPlane = createControlPlane(portsOf(parts, faults))
  const callAs = async (tenant: string, call: Call): Promise<Answer> => {
    const { status, headers, body } = await controlPlane({
      requestId: 'r',
      method: call.method,
      path: tenant === 'default' ? call.path : `/t/${tenant}${call.path}`,
      query: Object.entries(call.query ?? {}),
      headers: new Map(Object.entries(call.headers ?? {}).map(([name, value]) => [name, [value]])),
      body: call.body === undefined ? '' : JSON.stringify(call.body),
      callerArn: `arn:aws:iam::123456789012:user/${tenant}`,
      sourceIp: '192.0.2.7',
    })
    return { status, type: headers['x-amzn-ErrorType'], json: JSON.parse(body) }
  }
  const addTenant = (name: string) => parts.registry.putTenant({ record: tenantOf(name) })
  return { callAs, addTenant, faults }
}

function tenantOf(name: string): TenantRecord {
  return {
    tenantId: parseTenantId(name)!,
    status: 'ENABLED',
    roleArnPatterns: ['arn:aws:iam::123456789012:role/devices/*'],
    externalId: `external-id-of-${name}`,
    sessionTagKeys: [],
    certificatesWithoutCa: true,
    apiArnPatterns: [],
    defaultThing: 'never',
    inactiveCaRefusesDevices: false,
    authorizerRequiresThing: true,
  }
}

function portsOf(
  { registry, readFacts, clock, directory }: InProcessParts,
  faults: string[],
): ControlPorts {
  return {
    registryFor: () => registry,
    ...{ readFacts, clock },
    identifyCertificate: createIdentify(),
    mayPassRole: async () => true,
    ...createCertificatePorts({ openSigner: createLocalTenantSigners(directory), clock }),
    randomHex: () => CODE,
    isAdministrator: async (callerArn) => callerArn.endsWith('/default'),
    reportFault: ({ code, message }) => faults.push(`${code} ${message}`),
    settings: {
      deployment: {
        partition: 'aws',
        region: parseRegion('us-east-1')!,
        accountId: parseAccountId('123456789012')!,
      },
      credentialsEndpoint: 'devices.example.com',
      longestSessionSeconds: 3600,
      deadlineMilliseconds: 5000,
    },
  }
}
