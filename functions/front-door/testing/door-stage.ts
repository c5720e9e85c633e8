import type { AuditRecord } from '@thingpass/core/audit-record'
import { createCredentials } from '@thingpass/core/credentials'
// biome-ignore lint/style/noRestrictedImports: this file is test support itself
import * as example from '@thingpass/core/testing/decision-example'
import {
  AUTHORIZER_FORMATS,
  type AuthorizerPorts,
  createAuthorizerHandler,
} from '../../authorizer/authorizer.ts'
// biome-ignore lint/style/noRestrictedImports: this file is test support itself
import { registry, stagePorts } from '../../authorizer/testing/authorizer-stage.ts'
import { type CredentialsPorts, createCredentialsHandler } from '../../credentials/credentials.ts'
import { API_GATEWAY } from '../api-gateway-v2.ts'
import { createLoadBalancerDoor } from '../application-load-balancer.ts'

/** What stands for the device's certificate in golden events. */
const CANARY = 'Q2FuYXJ5'

/** What the load balancer of golden events calls the header of the certificate. */
export const CERTIFICATE_HEADER = 'x-cert-0123456789abcdef0123456789abcdef'

/** What one event led to. */
export type Passage = {
  /** As the front door answers: what the authorizer lets pass is 200. */
  readonly status: number
  readonly answer: unknown
  readonly audit: AuditRecord | undefined
}

const authorized = (answer: unknown) => (/true|"Allow"/.test(JSON.stringify(answer)) ? 200 : 403)

/** The functions behind each front door, by the name of its golden events; whatever certificate is not the canary is none. */
export const DOORS: Readonly<Record<string, (event: object) => Promise<Passage>>> = {
  'http-api': async (event) => {
    const { ports, audits } = credentialsStage()
    const handler = createCredentialsHandler(ports, API_GATEWAY)
    const answer = await handler(event, {} as never)
    return { status: answer.statusCode, answer, audit: audits[0] }
  },
  'load-balancer': async (event) => {
    const { ports, audits } = credentialsStage()
    const door = createLoadBalancerDoor({ certificateHeader: CERTIFICATE_HEADER })
    const handler = createCredentialsHandler(ports, door)
    const answer = await handler(event, { awsRequestId: 'lambda-1' } as never)
    return { status: answer.statusCode, answer, audit: audits[0] }
  },
  'http-authorizer': (event) =>
    ask(event, (ports) => createAuthorizerHandler(ports, AUTHORIZER_FORMATS['http-simple'])),
  'rest-authorizer': (event) =>
    ask(event, (ports) => createAuthorizerHandler(ports, AUTHORIZER_FORMATS.rest)),
}

const identifyCanary: CredentialsPorts['identifyCertificate'] = (presented) =>
  presented.split('\n')[1] === CANARY
    ? { ok: true, certificate: { facts: example.certificate, isSignedBy: () => true } }
    : { ok: false, reason: 'certificate-malformed' }

async function ask(
  event: object,
  handlerOf: (ports: AuthorizerPorts) => (event: object) => Promise<unknown>,
): Promise<Passage> {
  const { ports, seen } = stagePorts({ identifyCertificate: identifyCanary }, registry)
  try {
    const answer = await handlerOf(ports)(event)
    return { status: authorized(answer), answer, audit: seen.audits[0] }
  } catch (answer) {
    return { status: 500, answer, audit: seen.audits[0] }
  }
}

function credentialsStage() {
  const audits: AuditRecord[] = []
  const { signedByCa, withinBudget, ...facts } = example.facts
  const expiration = new Date(example.NOON.getTime() + 3_600_000)
  const secrets = { secretAccessKey: 'secret', sessionToken: 'token' }
  const ports: CredentialsPorts = {
    identifyCertificate: identifyCanary,
    readFacts: async () => ({ facts, cost: { rounds: 1, calls: 3, capacityUnits: 6 } }),
    rememberIssuer: () => undefined,
    takeFromBudget: async () => true,
    issueCredentials: async () => ({
      issued: true,
      credentials: createCredentials({ accessKeyId: 'ASIAEXAMPLE', ...secrets, expiration }),
    }),
    writeAudit: async (record) => {
      audits.push(record)
    },
    reportFault: () => undefined,
    clock: () => example.NOON,
    stopwatch: () => 0,
    random: () => 0,
    settings: {
      ...example.circumstances,
      hostNames: ['devices.example.com'],
      deadlineMilliseconds: 2500,
    },
  }
  return { ports, audits }
}
