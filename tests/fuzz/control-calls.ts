import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createControlPlane } from '@thingpass/control/control-plane'
import type { ControlAnswer } from '@thingpass/control/control-request'
import type { ControlPorts } from '@thingpass/control/ports'
import { parseAccountId, parseRegion, parseTenantId } from '@thingpass/core/names'
import type { TenantRecord } from '@thingpass/core/records'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import { createCertificatePorts } from '@thingpass/functions/control/certificate-ports'
import { createLocalTenantSigners } from '@thingpass/local/ca-keys/local-tenant-signers'
import { createIdentify } from '@thingpass/x509/identify'
import { type MadeKeyPair, makeKeyPair } from '@thingpass/x509/make-key-pair'
import {
  OPENSSL_REQUEST_PEM,
  OPENSSL_ROOT_PEM,
  OPENSSL_VERSION_3_PEM,
} from '@thingpass/x509/testing/openssl-made'
import { KNOWN_CERTIFICATES } from './known-certificates.ts'

/** A call as an input holds it, before anything is known of its members. */
export type SentCall = {
  readonly method?: unknown
  readonly path?: unknown
  readonly query?: unknown
  readonly headers?: unknown
  readonly body?: unknown
}

const ACCOUNT = '123456789012'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/devices/camera`
/** Within the known certificates' time. */
const NOW = new Date('2027-01-01T00:00:00Z')
const idOf = (der: Uint8Array) => createHash('sha256').update(der).digest('hex')
const [, , device] = KNOWN_CERTIFICATES

/** The one certificate that is registered. */
export const DEVICE_ARN = `arn:aws:iot:us-east-1:${ACCOUNT}:cert/${idOf(device!)}`

const document = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } })
const policyDocument = document({ Action: 'iot:AssumeRoleWithCertificate', Resource: '*' })
const sessionPolicy = document({
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::bucket/${credentials-iot:ThingName}/*',
})

/** What is done before an input's own calls: one of everything is there. */
const FIRST_CALLS: readonly SentCall[] = [
  {
    method: 'POST',
    path: '/thingpass/tenants/default/cacertificate',
    body: { caCertificate: OPENSSL_ROOT_PEM },
    query: { setAsActive: 'true' },
  },
  {
    method: 'POST',
    path: '/certificate/register',
    body: { certificatePem: OPENSSL_VERSION_3_PEM, status: 'ACTIVE' },
  },
  { method: 'POST', path: '/thing-types/owned-type', body: {} },
  {
    method: 'POST',
    path: '/things/owned-thing',
    body: { thingTypeName: 'owned-type', attributePayload: { attributes: { site: 'a' } } },
  },
  { method: 'POST', path: '/thing-groups/owned-parent', body: {} },
  { method: 'POST', path: '/thing-groups/owned-group', body: { parentGroupName: 'owned-parent' } },
  {
    method: 'PUT',
    path: '/thing-groups/addThingToThingGroup',
    body: { thingName: 'owned-thing', thingGroupName: 'owned-group' },
  },
  { method: 'POST', path: '/policies/owned-policy', body: { policyDocument } },
  { method: 'POST', path: '/policies/owned-limit', body: { policyDocument: sessionPolicy } },
  { method: 'POST', path: '/role-aliases/owned-alias', body: { roleArn: ROLE } },
  { method: 'PUT', path: '/target-policies/owned-policy', body: { target: DEVICE_ARN } },
  {
    method: 'PUT',
    path: '/target-policies/owned-limit',
    body: { target: `arn:aws:iot:us-east-1:${ACCOUNT}:rolealias/owned-alias` },
  },
  {
    method: 'PUT',
    path: '/things/owned-thing/principals',
    headers: { 'x-amzn-principal': DEVICE_ARN },
  },
]

/** Calls that need a certificate, or a request for one, to be good. */
export const SEED_CALLS: readonly SentCall[] = [
  ...FIRST_CALLS,
  {
    method: 'POST',
    path: '/certificates',
    body: { certificateSigningRequest: OPENSSL_REQUEST_PEM },
    query: { setAsActive: 'true' },
  },
  { method: 'POST', path: '/keys-and-certificate', query: { setAsActive: 'true' } },
]

const directory = mkdtempSync(join(tmpdir(), 'thingpass-fuzz-'))
process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
const openSigner = createLocalTenantSigners(directory)
const { certificates, randomHex } = createCertificatePorts({ openSigner, clock: () => NOW })
let keyPair: Promise<MadeKeyPair> | undefined
/** A key pair of RSA takes a tenth of a second to make, so there is one. */
const oneKeyPair = (): Promise<MadeKeyPair> => {
  keyPair ??= makeKeyPair()
  return keyPair
}

/** Makes a control plane over a new registry in which one of everything is there. */
export async function createFuzzedControlPlane() {
  const faults: string[] = []
  const registry = createFakeRegistry({ clock: () => NOW })
  const ports: ControlPorts = {
    registryFor: () => registry,
    readFacts: registry.readFacts,
    clock: () => NOW,
    identifyCertificate: createIdentify(),
    mayPassRole: async () => true,
    certificates: { ...certificates, makeKeyPair: oneKeyPair },
    randomHex,
    isAdministrator: async () => true,
    reportFault: ({ code, message, cause }) => faults.push(`${code} ${message}: ${causeOf(cause)}`),
    settings: {
      deployment: {
        partition: 'aws',
        region: parseRegion('us-east-1')!,
        accountId: parseAccountId(ACCOUNT)!,
      },
      credentialsEndpoint: 'devices.example.com',
      longestSessionSeconds: 3600,
      deadlineMilliseconds: 5000,
    },
  }
  const controlPlane = createControlPlane(ports)
  const call = (sent: SentCall): Promise<ControlAnswer> => controlPlane(requestOf(sent))
  for (const name of ['default', 'acme']) await registry.putTenant({ record: tenantOf(name) })
  for (const first of FIRST_CALLS) {
    const { status, body } = await call(first)
    if (status !== 200) throw new Error(`${String(first.path)}: ${body}`)
  }
  return { call, faults }
}

function causeOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : ''
}

/** As a front door would hand it over: texts are texts, whatever the input holds. */
function requestOf({ method, path, query, headers, body }: SentCall) {
  return {
    requestId: 'r',
    method: String(method),
    path: String(path),
    query: entriesOf(query).map(([name, value]) => [name, String(value)] as const),
    headers: new Map(
      entriesOf(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().map(String)]),
    ),
    body: typeof body === 'string' ? body : textOf(body),
    callerArn: `arn:aws:iam::${ACCOUNT}:user/default`,
    sourceIp: '192.0.2.7',
  }
}

function textOf(body: unknown): string {
  return body === undefined ? '' : JSON.stringify(body)
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function tenantOf(name: string): TenantRecord {
  return {
    tenantId: parseTenantId(name)!,
    status: 'ENABLED',
    roleArnPatterns: [`arn:aws:iam::${ACCOUNT}:role/devices/*`],
    externalId: `external-id-of-${name}`,
    sessionTagKeys: ['site'],
    certificatesWithoutCa: true,
    apiArnPatterns: [],
    defaultThing: 'never',
    inactiveCaRefusesDevices: false,
    authorizerRequiresThing: true,
  }
}
