// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { IoTClient } from '@aws-sdk/client-iot'
import { createControlPlane } from '@thingpass/control/control-plane'
import type { ControlPorts } from '@thingpass/control/ports'
import { parseAccountId, parseRegion, parseTenantId, type TenantId } from '@thingpass/core/names'
import type { ReadFacts } from '@thingpass/core/ports'
import type { TenantRecord } from '@thingpass/core/records'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { createCertificatePorts } from '@thingpass/functions/control/certificate-ports'
import { createControlHandler } from '@thingpass/functions/control/control'
import { createLocalTenantSigners } from '@thingpass/local/ca-keys/local-tenant-signers'
import type { AccessKey } from '@thingpass/local/control/access-keys'
import { startControlPlane } from '@thingpass/local/control/start-control-plane'
import { signRequest } from '@thingpass/local/sigv4/sign'
import { parseCaCertificate } from '@thingpass/x509/ca-certificate'
import { createIdentify } from '@thingpass/x509/identify'
import { createCa, issueCertificate } from '@thingpass/x509/testing/certificates'

/** A registry under a control plane. */
export type ControlledRegistry = {
  readonly registryFor: (actor: string) => RegistryWrites
  readonly readFacts: ReadFacts
  /** The changes of one tenant that the audit has, in no order. The fake does not say by whom they were made. */
  readonly changes: (tenantId: TenantId) => Promise<readonly ControlledChange[]>
  readonly stop: () => Promise<void>
}

/** One change on record. */
export type ControlledChange = {
  readonly action: string
  readonly subject: string
  readonly actor?: string
}

/** The instant of every test. */
export const NOW = new Date('2026-06-01T12:00:00Z')
/** What the registry's clock shows; a test that moves it puts it back. */
export const registryTime = { now: NOW }
export const ACCOUNT = '123456789012'
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/devices/camera`
export const OTHER_ROLE = `arn:aws:iam::${ACCOUNT}:role/devices/pump`
/** Within the tenants' patterns, and nobody may pass it. */
export const LOCKED_ROLE = `arn:aws:iam::${ACCOUNT}:role/devices/locked`
export const FOREIGN_ROLE = `arn:aws:iam::${ACCOUNT}:role/admin`
export const ENDPOINT = 'credentials.example.com:8443'

export const arn = (path: string) => `arn:aws:iot:us-east-1:${ACCOUNT}:${path}`

/** Whose calls a client makes: the administrator's in a tenant, or a tenant's operator's. */
export type Who = { readonly profile: 'default' | 'acme' | 'beta'; readonly tenant?: string }

const KEYS: readonly AccessKey[] = ['default', 'acme', 'beta'].map((profile, index) => ({
  profile,
  accessKeyId: `AKIALOCAL${index}`,
  secretAccessKey: `secret-of-${profile}`,
}))
const keyOf = (profile: string) => KEYS.find((key) => key.profile === profile)!

const ca = parsedCa()

/** A running control plane with the tenants `default`, `acme` and `beta`. */
export async function startWorld(registry: ControlledRegistry) {
  const faults: string[] = []
  const passed: string[] = []
  const caKeys = await mkdtemp(join(tmpdir(), 'ca-keys-'))
  const ports: ControlPorts = {
    registryFor: registry.registryFor,
    readFacts: registry.readFacts,
    identifyCertificate: createIdentify(),
    mayPassRole: async (callerArn, roleArn) => {
      passed.push(`${callerArn} ${roleArn}`)
      return roleArn !== LOCKED_ROLE
    },
    ...createCertificatePorts({ openSigner: createLocalTenantSigners(caKeys), clock: () => NOW }),
    isAdministrator: async (callerArn) => callerArn === `arn:aws:iam::${ACCOUNT}:user/default`,
    clock: () => NOW,
    reportFault: (fault) => faults.push(fault.code),
    settings: {
      deployment: {
        partition: 'aws',
        region: parseRegion('us-east-1')!,
        accountId: parseAccountId(ACCOUNT)!,
      },
      credentialsEndpoint: ENDPOINT,
      longestSessionSeconds: 3600,
      deadlineMilliseconds: 5000,
    },
  }
  const controlPlane = createControlPlane(ports)
  const handler = createControlHandler({ controlPlane, reportFault: ports.reportFault })
  const server = await startControlPlane({
    accountId: ACCOUNT,
    region: 'us-east-1',
    accessKeys: KEYS,
    handler: (event) => handler(event, { getRemainingTimeInMillis: () => 28_000 } as never),
    clock: () => NOW,
    log: () => undefined,
  })
  const writes = registry.registryFor(`arn:aws:iam::${ACCOUNT}:user/seed`)
  for (const name of ['default', 'acme', 'beta']) await writes.putTenant({ record: tenant(name) })
  const clients = new Map<string, IoTClient>()
  // One client each: every client has connections of its own, and the server admits a limited number.
  const clientOf = (who: Who) => {
    const key = JSON.stringify([who.profile, who.tenant])
    const client = clients.get(key) ?? createClient(server.url, who)
    clients.set(key, client)
    return client
  }
  let tenants = 0
  return {
    writes,
    readFacts: registry.readFacts,
    changes: registry.changes,
    faults,
    /** Who was asked about, and which role. */
    passed,
    url: server.url,
    client: (who: Who = { profile: 'default' }) => clientOf(who),
    /** A tenant that nobody else uses, and the administrator's client in it. */
    newTenant: async () => {
      tenants += 1
      const name = `tenant-${tenants}`
      await writes.putTenant({ record: tenant(name) })
      const client = clientOf({ profile: 'default', tenant: name })
      return { name, tenantId: parseTenantId(name)!, client }
    },
    /** Calls a route that no SDK knows. */
    call: (method: string, path: string, body?: object, profile = 'default') =>
      callSigned(server.url, { method, path, body, profile }),
    registerDevice: (tenantName: string) => registerDevice(writes, tenantName),
    stop: async () => {
      for (const client of clients.values()) client.destroy()
      await server.close()
      await registry.stop()
      await rm(caKeys, { recursive: true })
    },
  }
}

/** What `startWorld` gives. */
export type World = Awaited<ReturnType<typeof startWorld>>

function createClient(url: string, { profile, tenant: name }: Who): IoTClient {
  const { accessKeyId, secretAccessKey } = keyOf(profile)
  const prefix = name ?? (profile === 'default' ? undefined : profile)
  return new IoTClient({
    endpoint: prefix === undefined ? url : `${url}/t/${prefix}`,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    systemClockOffset: NOW.getTime() - Date.now(),
    maxAttempts: 1,
  })
}

type Call = {
  readonly method: string
  readonly path: string
  readonly body: object | undefined
  readonly profile: string
}

async function callSigned(url: string, { method, path: target, body, profile }: Call) {
  const [path = '', query = ''] = target.split('?')
  const text = body === undefined ? '' : JSON.stringify(body)
  const { accessKeyId, secretAccessKey } = keyOf(profile)
  const signed = signRequest(
    {
      ...{ method, path, query },
      headers: new Map([['host', [new URL(url).host]]]),
      body: Buffer.from(text),
    },
    {
      ...{ accessKeyId, secretAccessKey, region: 'us-east-1', service: 'execute-api' },
      pathRule: 'segments-encoded-again',
      now: NOW,
    },
  )!
  // Neither `fetch` nor `URL`: both resolve dot segments.
  const { hostname: host, port } = new URL(url)
  const headers = Object.fromEntries([...signed.headers].map(([key, each]) => [key, each.join()]))
  const sent = request({ host, port, method, path: target, headers }).end(text)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return {
    status: response.statusCode,
    errorType: response.headers['x-amzn-errortype'],
    json: (await json(response)) as Record<string, unknown>,
  }
}

function tenant(name: string): TenantRecord {
  return {
    tenantId: parseTenantId(name)!,
    status: 'ENABLED',
    roleArnPatterns: [`arn:aws:iam::${ACCOUNT}:role/devices/*`],
    externalId: `external-id-of-${name}`,
    sessionTagKeys: ['site'],
    certificatesWithoutCa: false,
    apiArnPatterns: [],
    defaultThing: 'never',
    inactiveCaRefusesDevices: false,
    authorizerRequiresThing: true,
  }
}

function parsedCa() {
  const made = createCa()
  const parse = parseCaCertificate(made.pem)
  if (!parse.ok) throw new Error(parse.reason)
  return { made, facts: parse.ca }
}

let serial = 0n

/** Registers a new certificate under the CA, which the first tenant to come has claimed: one CA per tenant. */
async function registerDevice(writes: RegistryWrites, tenantName: string) {
  const tenantId = parseTenantId(tenantName)!
  const authority = tenantName === 'default' ? ca : parsedCa()
  await writes.registerCa({
    record: {
      tenantId,
      caCertificateId: authority.facts.caCertificateId,
      status: 'ACTIVE',
      publicKey: authority.facts.publicKey,
    },
    certificateMode: 'DEFAULT',
    autoRegistration: false,
    publicKeySha256: authority.facts.caCertificateId,
    subjectSha256: authority.facts.caCertificateId,
  })
  serial += 1n
  const { pem } = issueCertificate(authority.made, { serialNumber: serial })
  const identified = createIdentify()(pem)
  if (!identified.ok) throw new Error(identified.reason)
  const { certificateId } = identified.certificate.facts
  const { caCertificateId } = authority.facts
  await writes.registerCertificate({
    ...{ tenantId, certificateId, pem, status: 'ACTIVE' },
    registration: { kind: 'ca', caCertificateId },
  })
  return { certificateId, certificateArn: arn(`cert/${certificateId}`), caCertificateId }
}

/** Walks a list to its end, page by page. */
export async function pagesOf<Item>(
  read: (token: string | undefined) => Promise<readonly [readonly Item[], string | undefined]>,
): Promise<readonly (readonly Item[])[]> {
  const pages: (readonly Item[])[] = []
  let token: string | undefined
  do {
    const [items, next] = await read(token)
    pages.push(items)
    token = next
  } while (token !== undefined)
  return pages
}

/** Names in byte order; they are ASCII. */
export const sorted = (names: readonly string[]): readonly string[] =>
  names.toSorted((one, other) => (one < other ? -1 : 1))

/** The error that a call ended with, as a client sees it. */
export async function errorOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (thrown: Error & { $metadata?: { httpStatusCode?: number } }) => thrown,
  )
  return [error?.name, error?.$metadata?.httpStatusCode, error?.message] as const
}

const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

/** IoT policy: any role alias may be assumed. */
export const ASSUME = document({
  Effect: 'Allow',
  Action: 'iot:AssumeRoleWithCertificate',
  Resource: '*',
})
/** Session policy that can be rendered. */
export const OWN_PREFIX = document({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::bucket/${credentials-iot:ThingName}/*',
})
/** A policy that is well formed and can never be rendered. */
export const UNRENDERABLE = document({
  Sid: 'Own',
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::bucket/${thingpass:Nothing}/*',
})
