import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createDynamoClient } from '@thingpass/aws/clients'
import type { AuditRecord } from '@thingpass/core/audit-record'
import { createCredentials } from '@thingpass/core/credentials'
import {
  parseCaCertificateId,
  parseCertificateId,
  parsePolicyName,
  parseTenantId,
} from '@thingpass/core/names'
import type { SessionRequest } from '@thingpass/core/ports'
import { keepDeviceCa } from '@thingpass/local/pki/local-pki'
import { createLocalHandler, type LocalHandlerParts } from '@thingpass/local/stack/local-handler'
import type { Issuer } from '@thingpass/x509/testing/certificates'
import { ACCOUNT, eventOf, KEYS, REGION, TABLE } from '../faults/device-world.ts'
import { done, fleetOf, given, idOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'

export const SECRET = 'canary-secret'
export const ALIAS = 'demo-camera'

/** What a device sends, beside the path of its alias. */
export type Sent = {
  readonly alias?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Changes the event as API Gateway sent it. */
  readonly edit?: (event: ReturnType<typeof eventOf>) => object
}

/** A registry with the demo fleet, and attackers' tools. */
export async function startThreatStage() {
  const stack = await startTestStack()
  const client = createDynamoClient({
    region: REGION,
    endpoint: stack.dynamodbUrl,
    credentials: KEYS,
  })
  return {
    stack,
    fleet: (tenant = 'default') => fleetOf(stack, tenant),
    /** A process of the deployed handler that remembers nothing yet; the issuer gives whatever it is asked for, and is remembered. */
    openHandler: (
      changed: Partial<Pick<LocalHandlerParts, 'writeAudit'>> & { clock?: () => Date } = {},
    ) => openHandler(client, changed),
    ca: (tenant = 'default') => signingCa(stack, tenant),
    register: (pem: string, tenant = 'default') => registerUnderCa(stack, tenant, pem),
    attachPolicy: (policy: string, certificateId: string, tenant = 'default') =>
      done(
        stack.registry.attachPolicy({
          tenantId: given(parseTenantId(tenant)),
          policyName: given(parsePolicyName(policy)),
          target: { kind: 'certificate', certificateId: given(parseCertificateId(certificateId)) },
        }),
      ),
    close: async () => {
      client.destroy()
      await stack.close()
    },
  }
}

export type ThreatStage = Awaited<ReturnType<typeof startThreatStage>>

function openHandler(
  client: ReturnType<typeof createDynamoClient>,
  {
    clock = () => new Date(),
    ...changed
  }: Partial<Pick<LocalHandlerParts, 'writeAudit'>> & { clock?: () => Date },
) {
  const audits: AuditRecord[] = []
  const sessions: SessionRequest[] = []
  const told: string[] = []
  const handler = createLocalHandler({
    settings: { account: ACCOUNT, region: REGION },
    io: { clock, log: (line) => told.push(line), decided: () => undefined },
    registry: { client, tableName: TABLE },
    issueCredentials: async (session) => {
      sessions.push(session)
      const expiration = new Date(clock().getTime() + session.durationSeconds * 1000)
      const keys = { accessKeyId: 'ASIAEXAMPLE0000000', secretAccessKey: SECRET }
      return {
        issued: true,
        credentials: createCredentials({ ...keys, sessionToken: SECRET, expiration }),
      }
    },
    writeAudit: async (record) => {
      audits.push(record)
    },
    ...changed,
  })
  const ask = async (pem: string, sent: Sent = {}) => {
    const { alias = ALIAS, path = `/role-aliases/${alias}/credentials`, headers = {} } = sent
    const event = eventOf(path, pem, headers)
    const edited = sent.edit?.(event) ?? event
    const answer = await handler(edited as never, { path, rawHeaders: [] })
    const body = String(answer.body)
    return { status: answer.statusCode, body, headers: answer.headers, audit: audits.at(-1) }
  }
  return { ask, audits, sessions, told }
}

/** The tenant's CA, to sign certificates of every kind with. Its name is another's, which must not matter. */
async function signingCa(stack: TestStack, tenant: string): Promise<Issuer> {
  const { certificatePem, privateKeyPem } = await keepDeviceCa(stack.dataDir, tenant, new Date())
  const { publicKey } = new X509Certificate(certificatePem)
  return {
    subject: 'Test CA',
    key: {
      publicKey: publicKey.export({ type: 'spki', format: 'der' }),
      privateKey: createPrivateKey(privateKeyPem),
    },
  }
}

/** Registers a certificate as one of the tenant's own CA, whoever signed it: what the control plane would never do. */
async function registerUnderCa(stack: TestStack, tenant: string, pem: string): Promise<void> {
  const { certificatePem } = await keepDeviceCa(stack.dataDir, tenant, new Date())
  const caCertificateId = given(parseCaCertificateId(idOf(certificatePem)))
  await done(
    stack.registry.registerCertificate({
      tenantId: given(parseTenantId(tenant)),
      certificateId: idOf(pem),
      registration: { kind: 'ca', caCertificateId },
      status: 'ACTIVE',
      pem,
    }),
  )
}
