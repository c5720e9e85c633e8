import { match, ok, strictEqual } from 'node:assert'
import type { AuditRecord } from '@thingpass/core/audit-record'
import { createCredentials } from '@thingpass/core/credentials'
import {
  ALIAS,
  certificate,
  circumstances,
  facts,
  NOON,
} from '@thingpass/core/testing/decision-example'
import {
  type CredentialsPorts,
  createCredentialsHandler,
} from '@thingpass/functions/credentials/credentials'
import { API_GATEWAY } from '@thingpass/functions/front-door/api-gateway-v2'
import { createLoadBalancerDoor } from '@thingpass/functions/front-door/application-load-balancer'
import {
  OPENSSL_ROOT_PEM,
  OPENSSL_VERSION_1_PEM,
  OPENSSL_VERSION_3_PEM,
} from '@thingpass/x509/testing/openssl-made'
import { type FuzzTarget, jsonOfInput } from '../fuzz-target.ts'

const HOST = 'devices.example.com'
const SECRET = 'CANARY-of-device-events'
/** The one certificate that is known. */
const PEM = OPENSSL_VERSION_1_PEM
/** What the load balancer calls the header of the chain: nobody else knows. */
const CERTIFICATE_HEADER = 'x-cert-0123456789abcdef0123456789abcdef'
const CHAIN = encodeURIComponent(`${PEM}${OPENSSL_ROOT_PEM}`)

const BALANCER = createLoadBalancerDoor({ certificateHeader: CERTIFICATE_HEADER })

const viaApiGateway = {
  version: '2.0',
  rawPath: `/role-aliases/${ALIAS}/credentials`,
  headers: { 'x-amzn-iot-thingname': 'cam-1', host: HOST },
  requestContext: {
    requestId: 'request-1',
    domainName: HOST,
    http: { method: 'GET', sourceIp: '192.0.2.7' },
    authentication: { clientCert: { clientCertPem: PEM, subjectDN: 'CN=x', serialNumber: '1' } },
  },
}
const viaLoadBalancer = {
  httpMethod: 'GET',
  path: `/role-aliases/${ALIAS}/credentials`,
  multiValueHeaders: {
    host: [HOST],
    'x-forwarded-for': ['192.0.2.7'],
    'x-amzn-iot-thingname': ['cam-1'],
    [CERTIFICATE_HEADER]: [CHAIN],
  },
}

/** Headers that other front doors put a certificate in. Here they are the client's own text. */
const LYING_HEADERS = Object.fromEntries(
  [
    ...['x-amzn-mtls-clientcert', 'x-amzn-mtls-clientcert-leaf', 'x-forwarded-client-cert'],
    ...['x-tls-client-cert', 'x-ssl-client-cert', 'client-cert', 'ssl-client-cert'],
  ].map((name) => [name, PEM]),
)
/** An event of a load balancer with some headers added or changed. */
const loadBalanced = (headers: Readonly<Record<string, readonly string[]>>) => ({
  door: 'load-balancer',
  event: {
    ...viaLoadBalancer,
    multiValueHeaders: { ...viaLoadBalancer.multiValueHeaders, ...headers },
  },
})
const { authentication: _, ...withoutCertificate } = viaApiGateway.requestContext

/** Good events, and known ways to lie. */
const SEEDS: readonly object[] = [
  { door: 'api-gateway', event: viaApiGateway },
  { door: 'load-balancer', event: viaLoadBalancer },
  {
    door: 'api-gateway',
    event: { ...viaApiGateway, headers: LYING_HEADERS, requestContext: withoutCertificate },
  },
  loadBalanced({ [CERTIFICATE_HEADER]: [CHAIN, CHAIN] }),
  loadBalanced({ [CERTIFICATE_HEADER.toUpperCase()]: [CHAIN] }),
  loadBalanced({ [CERTIFICATE_HEADER]: [], 'x-amzn-mtls-clientcert': [CHAIN] }),
  loadBalanced({ 'x-amzn-iot-thingname': ['cam-1', 'cam-2'] }),
  loadBalanced({ 'X-Amzn-Iot-ThingName': ['cam-2'] }),
]

/**
 * Events of both front doors, through the whole handler of the credentials function: each gets one answer and one audit record,
 * and credentials go to none but the certificate that stands where only the front door writes.
 */
export const DEVICE_EVENTS: FuzzTarget = {
  name: 'device-events',
  format: 'json',
  seeds: () => SEEDS.map((seed) => JSON.stringify(seed)),
  dictionary: [
    ...[CERTIFICATE_HEADER, 'x-amzn-mtls-clientcert', 'x-amzn-mtls-clientcert-leaf'],
    ...[
      'x-forwarded-client-cert',
      'X-Amzn-Iot-ThingName',
      'clientCertPem',
      'rawPath',
      'path',
      'load-balancer',
      'api-gateway',
    ],
    ...['%2e%2e', '%252f', '%00', ',', 'cam-1,cam-2', ' cam-1', '/role-aliases/a/credentials'],
    ...[PEM, CHAIN, encodeURIComponent(OPENSSL_VERSION_3_PEM), OPENSSL_VERSION_3_PEM],
  ],
  run: async (input) => {
    const json = jsonOfInput(input)
    if (typeof json !== 'object' || json === null) return
    const { door, event } = json as { readonly door?: unknown; readonly event?: unknown }
    const { ports, audits } = portsOf()
    const invocation = { awsRequestId: 'request-1' } as never
    const isLoadBalancer = door === 'load-balancer'
    const answer = isLoadBalancer
      ? await createCredentialsHandler(ports, BALANCER)(event as never, invocation)
      : await createCredentialsHandler(ports, API_GATEWAY)(event as never, invocation)
    judge(answer as Answered, audits, () => isPresented(event, isLoadBalancer))
    // A client cannot know the name, but this search does: only where it stands nowhere else can it come from the header.
    const said = JSON.stringify([answer, audits]).toLowerCase()
    ok(namesIn(event) > 1 || !said.includes(CERTIFICATE_HEADER), 'the name of the header')
  },
}

/** How often an event has the name of the certificate's header. */
const namesIn = (event: unknown): number =>
  String(JSON.stringify(event)).toLowerCase().split(CERTIFICATE_HEADER).length - 1

type Answered = { readonly statusCode: number; readonly body?: string }

function judge(answer: Answered, audits: readonly AuditRecord[], presented: () => boolean): void {
  const { statusCode, body = '' } = answer
  ok([200, 400, 403, 404, 405, 429, 500, 503].includes(statusCode), `status ${statusCode}`)
  JSON.parse(body)
  strictEqual(audits.length, 1, 'one audit record')
  strictEqual(audits[0]?.status, statusCode)
  // What API Gateway or the load balancer writes itself is kept as it came; nobody else can put a certificate there.
  const record = JSON.stringify(audits.map((each) => ({ ...each, requestId: '', sourceIp: '' })))
  ok(!record.includes('BEGIN CERTIFICATE') && !record.includes(SECRET), 'a secret on record')
  ok(!body.includes('BEGIN CERTIFICATE'), 'an echo of the certificate')
  if (statusCode !== 200) {
    ok(!body.includes(SECRET), 'credentials in a refusal')
    return
  }
  ok(presented(), 'credentials without the certificate')
  match(record, /"decision":"allow"/)
}

type Sent = {
  readonly requestContext?: {
    readonly authentication?: { readonly clientCert?: { readonly clientCertPem?: unknown } }
  }
  readonly multiValueHeaders?: Readonly<Record<string, unknown>>
}

/** Whether the known certificate stands where the front door itself puts it. */
function isPresented(event: unknown, isLoadBalancer: boolean): boolean {
  const { requestContext, multiValueHeaders = {} } = (event ?? {}) as Sent
  if (!isLoadBalancer) {
    return requestContext?.authentication?.clientCert?.clientCertPem === PEM
  }
  const values = Object.entries(multiValueHeaders)
    .filter(([name]) => name.toLowerCase() === CERTIFICATE_HEADER)
    .flatMap(([, each]) => each)
  return values.length === 1 && decodeURIComponent(String(values[0])).startsWith(PEM.trimEnd())
}

function portsOf() {
  const audits: AuditRecord[] = []
  const { signedByCa, withinBudget, ...registry } = facts
  const ports: CredentialsPorts = {
    identifyCertificate: (presented) =>
      String(presented).trimEnd() === PEM.trimEnd()
        ? { ok: true, certificate: { facts: certificate, isSignedBy: () => signedByCa } }
        : { ok: false, reason: 'certificate-malformed' },
    readFacts: async () => ({
      facts: registry,
      cost: { rounds: 1, calls: 3, capacityUnits: 6 },
    }),
    rememberIssuer: () => undefined,
    takeFromBudget: async () => withinBudget,
    issueCredentials: async () => ({
      issued: true,
      credentials: createCredentials({
        accessKeyId: 'ASIAEXAMPLE',
        secretAccessKey: SECRET,
        sessionToken: SECRET,
        expiration: new Date(NOON.getTime() + 3_600_000),
      }),
    }),
    writeAudit: async (record) => {
      audits.push(record)
    },
    reportFault: () => undefined,
    clock: () => NOON,
    stopwatch: () => 0,
    random: () => 0,
    settings: { ...circumstances, hostNames: [HOST], deadlineMilliseconds: 2500 },
  }
  return { ports, audits }
}
